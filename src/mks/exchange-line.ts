/** Writes the journal's lines: what was said to MKS, how long it took and what became of it. */
import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Exchange } from './types.ts';

type Subject = Pick<Exchange, 'memberCode' | 'client' | 'service' | 'refId' | 'senderReference'>;
type End = Pick<Exchange, 'messageId' | 'httpStatus' | 'code' | 'outcome' | 'answer'>;

export interface ExchangeLine {
  /** Writes the line; what nobody keeps a journal of costs nothing. */
  end(end: End): void;
}

export interface ExchangeLineDeps {
  clock: Clock;
  log: Logger;
  journal?: (exchange: Exchange) => void;
}

export function createExchangeLines({ clock, log, journal }: ExchangeLineDeps) {
  return {
    /** @param request the signed request; its SHA-256 is kept. */
    begin(subject: Subject, request: string): ExchangeLine {
      const time = clock.now();
      const began = clock.elapsedMs();
      return {
        end(end) {
          if (journal === undefined) return;
          const durationMs = Math.round(clock.elapsedMs() - began);
          const requestDigest = hash('sha256', request, 'hex');
          try {
            journal({ time, ...subject, ...end, durationMs, requestDigest });
          } catch (error) {
            // What was said to MKS stays said, whether or not it can be written down.
            log.error({ err: error }, 'the journal did not take a line');
          }
        },
      };
    },
  };
}
