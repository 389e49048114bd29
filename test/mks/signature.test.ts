/** What we sign and what we believe, against signatures that others have made. */
import assert from 'node:assert/strict';
import {
  constants,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import test from 'node:test';
import { keySigner } from '../../src/lib/key-signer.ts';
import { particularsOf, shapeOf, unverifiedPayload } from '../../src/mks/decode.ts';
import { signMessage } from '../../src/mks/sign.ts';
import { UntrustedError, verifyAnswer, verifyJws } from '../../src/mks/verify.ts';
import { base64url, jws } from '../support/upstream.ts';
import { memberIdentity, mkk } from './support.ts';
import { rfc7515Jws, rfc7515Key, sampleAnswer, sampleRequest } from './vectors.ts';

const payloadOf = (text: string): Buffer => Buffer.from(text.split('.')[1] ?? '', 'base64url');

test('RFC 7515 A.2: the same payload and key give the same JWS, and it verifies', async () => {
  const privateKey = createPrivateKey({ key: rfc7515Key, format: 'jwk' });
  assert.equal(await signMessage(payloadOf(rfc7515Jws), keySigner(privateKey)), rfc7515Jws);
  const { payload } = await verifyJws(rfc7515Jws, [createPublicKey(privateKey)]);
  assert.equal(payload['iss'], 'joe');
});

test('1,000 random payloads, verified by OpenSSL through node:crypto', async () => {
  const sizes = Array.from({ length: 1000 }, (_, index) => index);
  await Promise.all(
    sizes.map(async (size) => {
      const payload = randomBytes(size);
      const text = await signMessage(payload, memberIdentity.signer);
      const [header = '', body = '', signature = ''] = text.split('.');
      assert.equal(header, 'eyJhbGciOiJSUzI1NiJ9');
      assert.deepEqual(Buffer.from(body, 'base64url'), payload);
      assert.ok(
        verify(
          'sha256',
          Buffer.from(`${header}.${body}`),
          memberIdentity.certificate.publicKey,
          Buffer.from(signature, 'base64url'),
        ),
      );
    }),
  );
});

test('MKS’s sample answer is a JWS of 2048 bits whose payload decodes, and not one of ours', async () => {
  assert.equal(shapeOf(Buffer.from(sampleAnswer)).kind, 'jws');
  assert.equal(Buffer.from(sampleAnswer.split('.')[2] ?? '', 'base64url').length, 256);
  const particulars = particularsOf(unverifiedPayload(sampleAnswer));
  assert.equal(particulars.code, 'MF04');
  assert.equal(particulars.senderReference, 'ME_TEST_YF_121');
  assert.equal(particulars.messageId, undefined);
  await assert.rejects(
    verifyAnswer(sampleAnswer, [mkk.certificate.publicKey], 'ME_TEST_YF_121'),
    UntrustedError,
  );
});

test('MKS’s sample request has the header that ours have', () => {
  assert.equal(sampleRequest.split('.')[0], 'eyJhbGciOiJSUzI1NiJ9');
  assert.deepEqual(Object.keys(JSON.parse(payloadOf(sampleRequest).toString())), [
    'requestHeader',
    'issuerMemberCode',
    'processDate',
    'opStat',
  ]);
});

test('PS256, PS384 and PS512 are believed too', async () => {
  for (const bits of [256, 384, 512]) {
    const input = [`{"alg":"PS${bits}"}`, '{"responseHeader":{"senderReference":"A"}}']
      .map(base64url)
      .join('.');
    const signature = sign(`sha${bits}`, Buffer.from(input), {
      key: mkk.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: bits / 8,
    });
    await verifyAnswer(`${input}.${base64url(signature)}`, [mkk.certificate.publicKey], 'A');
  }
});

/** A small generator with a seed, so that a failure can be seen again (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function mutate(text: string, pick: (below: number) => number): string {
  const at = pick(text.length);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.{}"= ';
  const character = alphabet.charAt(pick(alphabet.length));
  switch (pick(5)) {
    case 0:
      return text.slice(0, at) + character + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + character + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + pick(4));
    case 3:
      return text.slice(0, at) + text.slice(at).split('').toReversed().join('');
    default:
      return text.slice(0, at) + text.slice(pick(at + 1));
  }
}

test('5,000 mutated answers: none is believed with another header or payload', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const pick = random(seed);
  const original = jws(
    {
      responseHeader: { senderReference: 'A', messageId: '1' },
      response: { responseCode: '0000' },
    },
    mkk.privateKey,
  );
  const [header, payload] = original.split('.');
  let believed = 0;
  for (let round = 0; round < 5000; round += 1) {
    let text = original;
    for (let count = 0; count <= pick(3); count += 1) text = mutate(text, pick);
    const shape = shapeOf(Buffer.from(text));
    if (shape.kind !== 'jws') continue;
    const verified = await verifyAnswer(shape.text, [mkk.certificate.publicKey], 'A').catch(
      (error: unknown) => {
        assert.ok(
          error instanceof UntrustedError,
          `seed ${seed}, round ${round}: ${String(error)}`,
        );
        return undefined;
      },
    );
    if (verified === undefined) continue;
    believed += 1;
    assert.deepEqual(shape.text.split('.').slice(0, 2), [header, payload], `seed ${seed}`);
  }
  // A changed unused bit at the signature's end, or a mutation that changed nothing.
  assert.ok(believed < 500, `seed ${seed}: ${believed} believed`);
});
