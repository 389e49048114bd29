/**
 * References: issued and recorded before their message leaves, and never issued twice.
 *
 * The counter gives order, 80 random bits make a repeat impossible in practice whatever Redis
 * loses. MKS 3.2.2: a reference may be sent again only while no answer to it bore a messageId.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import { issueReference, resendReference, settleReference } from '../state/scripts/references.ts';
import { MksError } from './errors.ts';

const RECORD_KEPT_MS = 48 * 60 * 60 * 1000;
const USED_RECORD_KEPT_MS = 60 * 60 * 1000;
/** The end of a sealed text is its authentication tag, 16 bytes: no two tokens share it. */
const TOKEN_END_LENGTH = 22;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_PART = /-([0-9A-HJKMNP-TV-Z]{16})$/;

/** A reference that is now being sent. */
export interface OpenReference {
  memberCode: string;
  senderReference: string;
  /** Which sending of this reference it is, from 1. */
  attempt: number;
}

export interface ReferencePurpose {
  memberCode: string;
  service: string;
  /**
   * Keyed digests of service and payload: a plain one would let a password in it be guessed. The
   * first is recorded; at a resend the recorded one may be any of them.
   */
  fingerprints: readonly string[];
  /** Milliseconds from now that the sending may take at most. */
  durationMs: number;
}

/** The token that the message is to bear is not the stored one any more; nothing was issued. */
export class TokenReplacedError extends Error {
  override readonly name = 'TokenReplacedError';
}

/** A new reference, and what is left of the token that was looked at with it: milliseconds. */
export interface IssuedReference {
  open: OpenReference;
  tokenRemainingMs: number;
}

export interface References {
  /**
   * @param sealedToken as a process remembers it: nothing is issued unless it is still the stored one.
   * @throws StateUnavailableError: then nothing may be sent. TokenReplacedError.
   */
  issue(purpose: ReferencePurpose, prefix: string, sealedToken?: string): Promise<IssuedReference>;
  /** @throws MksError `conflict` when the rule forbids it, StateUnavailableError. */
  resend(purpose: ReferencePurpose, senderReference: string): Promise<OpenReference>;
  /**
   * Records that the sending has ended. Never throws: an answer that is here must not be lost
   * because Redis is not. It is recorded later if it cannot be now, and until it is, or until the
   * deadline in the record has passed, nothing can send the reference again.
   */
  settle(open: OpenReference, end: ReferenceEnd): Promise<void>;
  /** Stops recording later what could not be recorded. */
  close(): void;
}

/** `answered` with the messageId, if the answer bore one; or never sent. */
export interface ReferenceEnd {
  state: 'answered' | 'not-sent';
  messageId?: string;
}

export interface ReferenceDeps {
  redis: Redis;
  keys: Keys;
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  log: Logger;
  /** Told of each new reference. */
  onReference?: (memberCode: string) => void;
}

/** Sixteen characters of Crockford's base 32: 80 random bits, five of each byte. */
function randomPart(): string {
  let text = '';
  for (const byte of randomBytes(16)) text += ALPHABET.charAt(byte & 31);
  return text;
}

export function createReferences(deps: ReferenceDeps): References {
  const { redis, keys, stateful, onReference } = deps;

  return {
    async issue(purpose, prefix, sealedToken = '') {
      const { memberCode } = purpose;
      const random = randomPart();
      const names = [
        keys.counter(memberCode),
        keys.reference(memberCode, random),
        keys.token(memberCode),
      ];
      const [senderReference, tokenRemainingMs] = await stateful(
        runScript(redis, issueReference, names, {
          prefix,
          random,
          service: purpose.service,
          payload: purpose.fingerprints[0] ?? '',
          sendingMs: Math.ceil(purpose.durationMs),
          keptMs: RECORD_KEPT_MS,
          tokenEnd: sealedToken.slice(-TOKEN_END_LENGTH),
        }),
      );
      if (senderReference === '') throw new TokenReplacedError('another token is stored by now');
      onReference?.(memberCode);
      return { open: { memberCode, senderReference, attempt: 1 }, tokenRemainingMs };
    },

    async resend(purpose, senderReference) {
      const { memberCode } = purpose;
      const random = randomPartOf(senderReference);
      if (random === undefined) throw conflict('other', 0);
      const [standing, number] = await stateful(
        runScript(redis, resendReference, [keys.reference(memberCode, random)], {
          reference: senderReference,
          service: purpose.service,
          payloads: purpose.fingerprints,
          sendingMs: Math.ceil(purpose.durationMs),
          keptMs: RECORD_KEPT_MS,
        }),
      );
      if (standing !== 'sending') throw conflict(standing, number);
      return { memberCode, senderReference, attempt: number };
    },

    ...createEnds(deps),
  };
}

/** Records how sendings ended: at once, or later where Redis is away. */
function createEnds(deps: ReferenceDeps): Pick<References, 'settle' | 'close'> {
  const { redis, keys, stateful, log } = deps;
  const closing = new AbortController();

  async function record(open: OpenReference, end: ReferenceEnd): Promise<void> {
    const key = keys.reference(open.memberCode, randomPartOf(open.senderReference) ?? '');
    await stateful(
      runScript(redis, settleReference, [key], {
        reference: open.senderReference,
        attempt: open.attempt,
        ...end,
        usedKeptMs: USED_RECORD_KEPT_MS,
      }),
    );
  }

  return {
    async settle(open, end) {
      try {
        await record(open, end);
      } catch (error) {
        log.error(
          { err: error, senderReference: open.senderReference },
          'the end of a message could not be recorded; trying again',
        );
        void recordLater(() => record(open, end), closing.signal);
      }
    },

    close: () => closing.abort(),
  };
}

const LATER_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** Tries for two minutes; after them the deadline in the record protects the reference no more. */
async function recordLater(record: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (const pauseMs of LATER_MS) {
    try {
      await sleep(pauseMs, undefined, { signal, ref: false });
      return await record();
    } catch {
      // Said once already; the next try follows.
      if (signal.aborted) return;
    }
  }
}

function randomPartOf(senderReference: string): string | undefined {
  return RANDOM_PART.exec(senderReference)?.[1];
}

const CONFLICTS: Record<string, string> = {
  other: 'this reference was not issued here for this member, service and payload',
  used: 'an answer to this reference bore a messageId, so it cannot be sent again',
  'under-way': 'a message with this reference is under way',
};

function conflict(standing: string, remainingMs: number): MksError {
  return new MksError('conflict', CONFLICTS[standing] ?? 'the reference cannot be sent again', {
    outcome: 'not-sent',
    ...(standing === 'under-way' && { retryAfterMs: remainingMs }),
  });
}
