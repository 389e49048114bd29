/** One hostile or odd reply to a call, and what the caller is told of it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MksErrorCode, Outcome } from '../../src/mks/errors.ts';
import type { MksRequest } from '../../src/mks/types.ts';
import { errorOf, mkk, setUp, STATUS } from '../mks/support.ts';
import { jws, message, type Answer, type Received } from '../support/upstream.ts';

export interface Expected {
  outcome: Outcome;
  /** The code that is passed on, if any. */
  mksCode?: string;
  verified?: boolean;
  /** The reply bore a messageId, so that the reference must never leave again. */
  used?: boolean;
  /** The reply refuses the token, so that the message goes once more with another one. */
  tokenRefused?: boolean;
}

export const unknown: Expected = { outcome: 'unknown' };

/** What a reply must not bring into an error: texts that the replies here are full of. */
const MARK = /Başarılı|875569523|secret|<html|<soap/i;

export function reply(
  name: string,
  answer: (received: Received) => Answer,
  code: MksErrorCode,
  expected: Expected = unknown,
  request: MksRequest = STATUS,
): void {
  test(name, async (t) => {
    const { mks, upstream } = await setUp(t, {
      handlers: { onCall: answer },
      config: { requestTimeoutMs: 1000 },
    });
    const error = await errorOf(mks.call(request));
    assert.equal(error.code, code, error.message);
    assert.equal(error.outcome, expected.outcome);
    assert.equal(error.details.mksCode, expected.mksCode);
    assert.equal(error.details.verified, expected.verified);
    assert.equal(error.details.tokenRefused, expected.tokenRefused);
    assert.doesNotMatch(error.message, MARK);
    assert.doesNotMatch(error.message, /undefined/, 'a text without a hole');
    if (error.details.verified !== true) {
      assert.equal(error.details.mksDescription, undefined);
    }
    const sent = expected.tokenRefused === true ? 2 : 1;
    assert.equal(upstream.calls.length, sent);
    assert.equal(upstream.logins, sent);

    const { senderReference = '' } = error.details;
    assert.equal(senderReference, upstream.calls.at(-1)?.senderReference);
    upstream.onCall = (received) => ({ body: jws(message(received), mkk.privateKey) });
    if (expected.used === true) {
      const again = await errorOf(mks.call({ ...request, senderReference }));
      assert.equal(again.code, 'conflict', 'a messageId uses the reference up');
      assert.equal(again.details.retryAfterMs, undefined, 'for good, not until the deadline');
    } else {
      await mks.call({ ...request, senderReference });
      assert.equal(upstream.calls[sent]?.senderReference, senderReference, 'free again at once');
    }
  });
}

/** A message signed by MKK, with whatever header. */
export function signed(
  received: Received,
  { code = '0000', header, more }: { code?: string; header?: unknown; more?: object } = {},
): string {
  return jws({ ...message(received, code), ...more }, mkk.privateKey, header);
}

/** The same without a messageId. */
export function withoutMessageId(
  { senderReference }: Received,
  code?: string,
): Record<string, unknown> {
  return {
    responseHeader: { senderReference, receiverMember: 'MKK' },
    ...(code !== undefined && { response: { responseCode: code, responseDesc: 'Başarılı' } }),
  };
}
