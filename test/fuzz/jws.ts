/**
 * Answers of MKS: an MksError, or what was signed, byte for byte.
 *
 * Behind `signed:` stands a payload that is signed before it is tried: else no change would ever come behind the
 * signature. (Promise 8 has signed answers alone.)
 */
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { judgeAnswer } from '../../src/mks/answer.ts';
import { MksError } from '../../src/mks/errors.ts';
import { rfc7515Jws, rfc7515Key, sampleAnswer } from '../mks/vectors.ts';
import { jws as sign } from '../support/upstream.ts';
import type { Target } from './target.ts';

const REFERENCE = 'GW12-0123456789ABCDEF';
const SIGNED = 'signed:';
const key = createPrivateKey({ key: rfc7515Key, format: 'jwk' });
const keys = [createPublicKey(key)];

const answer = (code: string): string =>
  JSON.stringify({
    responseHeader: { senderReference: REFERENCE, messageId: '875569523' },
    response: { responseCode: code, responseDesc: 'Başarılı' },
    refId: 'a1b2',
  });
/** Everything that our key has signed. */
const believable = ['0000', 'RP003', 'OI006'].map((code) => sign(answer(code), key));

/** What it has not signed, under a signature that it made for something else. */
const forged = [
  ...sign(answer('RP026'), key).split('.').slice(0, 2),
  believable[0]?.split('.')[2],
].join('.');

export const jws: Target = {
  name: 'jws',
  words: [SIGNED, REFERENCE, '.', '..', 'eyJhbGciOiJub25lIn0', 'eyJhbGciOiJIUzI1NiJ9', '='].concat(
    '" { } [ ] <html> null [] {} "0000" "RP003" "SYS0" "OI006" "0x00d30003" "\\ud83d"'.split(' '),
    'responseHeader senderReference messageId response responseCode responseDesc refId error_code __proto__'
      .split(' ')
      .map((name) => `"${name}":`),
  ),
  async seeds() {
    return [
      ...believable,
      forged,
      rfc7515Jws,
      sampleAnswer,
      JSON.stringify(believable[0]),
      ` ${believable[1]}\n`,
      sign(answer('0000'), key, { alg: 'RS256', crit: ['b64'], b64: false }),
      ...['0000', 'RP003', ''].map((code) => SIGNED + answer(code)),
      answer('RP003'),
      '{"error_code":"OI006"}',
      '<html></html>',
      `${SIGNED}[1,{"a":"b"}]`,
    ].map((text) => Buffer.from(text));
  },
  async attempt(input) {
    const isSigned = input.subarray(0, SIGNED.length).equals(Buffer.from(SIGNED));
    const payload = input.subarray(SIGNED.length);
    const body = isSigned ? Buffer.from(sign(payload.toString(), key)) : input;
    const kinds: string[] = [];
    for (const httpStatus of [200, 401, 500]) {
      const { result, signed } = await judgeAnswer(
        {
          service: 'reports/account/balance-report',
          senderReference: REFERENCE,
          httpStatus,
          body,
          deadline: 0,
        },
        keys,
      );
      const vouched = isSigned ? [body.toString()] : believable;
      if (signed !== undefined)
        assert.ok(
          vouched.some((each) => isSame(each, signed)),
          'believed',
        );
      if (result instanceof MksError) kinds.push(`${httpStatus} ${result.code}: ${result.message}`);
      else {
        assert.equal(result.kind, 'message');
        assert.ok(signed, 'a message that nobody signed');
        assert.equal(result.payloadText, payloadOf(signed));
        assert.equal(result.senderReference, REFERENCE);
        kinds.push(`${httpStatus} message`);
      }
    }
    return kinds;
  },
};

/** But for the signature, whose last unused bits say nothing. */
function isSame(one: string, other: string): boolean {
  return one.slice(0, one.lastIndexOf('.')) === other.slice(0, other.lastIndexOf('.'));
}

function payloadOf(signed: string): string {
  return Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString();
}
