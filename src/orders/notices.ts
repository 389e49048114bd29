/**
 * Notices to systems in the house, signed as Standard Webhooks 1.0 has it.
 *
 * They go to addresses of the configuration alone, straight and without a proxy, and no redirect is followed: the one
 * thing that leaves beside what goes to MKS, and it bears ids, counts and digests, never a balance.
 */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { NoticeTarget } from '../config/notice-targets.ts';
import type { Clock } from '../lib/clock.ts';
import { TimeIsUpError, within } from '../lib/within.ts';
import type { Notice, NoticeAttempt } from './days.ts';

export interface NoticeSender {
  /** Tries once; it does not fail. */
  send(target: NoticeTarget, notice: Pick<Notice, 'id' | 'body'>): Promise<NoticeAttempt>;
  close(): Promise<void>;
}

/** The whole of a try. */
const TIMEOUT_MS = 15_000;
/** Of an answer nothing is read but its status. */
const ANSWER_MAX_BYTES = 64 * 1024;

export function createNoticeSender(clock: Clock): NoticeSender {
  const agent = new Agent({
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    maxResponseSize: ANSWER_MAX_BYTES,
    pipelining: 0,
  });

  async function post(
    { url, secrets }: NoticeTarget,
    { id, body }: Pick<Notice, 'id' | 'body'>,
    at: number,
    signal: AbortSignal,
  ): Promise<number> {
    const timestamp = String(Math.floor(at / 1000));
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      signal,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signaturesOf(secrets, id, timestamp, body),
      },
      body,
    });
    await answer.body.dump({ limit: ANSWER_MAX_BYTES });
    return answer.statusCode;
  }

  return {
    async send(target, notice) {
      const at = clock.now();
      const began = performance.now();
      const ending = new AbortController();
      const durationMs = (): number => Math.round(performance.now() - began);
      try {
        const status = await within(TIMEOUT_MS, post(target, notice, at, ending.signal));
        return { at, durationMs: durationMs(), status };
      } catch (error) {
        return { at, durationMs: durationMs(), error: wordOf(error) };
      } finally {
        ending.abort();
      }
    },
    close: () => agent.destroy(),
  };
}

/** A signature a secret: HMAC-SHA256 over id, timestamp and body (Standard Webhooks, "Signature scheme"). */
export function signaturesOf(
  secrets: readonly Buffer[],
  id: string,
  timestamp: string,
  body: string,
): string {
  return secrets
    .map((secret) => createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`))
    .map((hmac) => `v1,${hmac.digest('base64')}`)
    .join(' ');
}

/** Never a text of the other side. */
function wordOf(error: unknown): string {
  if (error instanceof TimeIsUpError) return 'ETIMEDOUT';
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? 'failed';
}
