/** What we sign and what we believe, against signatures that others have made. */
import assert from 'node:assert/strict';
import { constants, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import test from 'node:test';
import { keySigner } from '../../src/lib/key-signer.ts';
import { particularsOf, shapeOf, unverifiedPayload } from '../../src/mks/decode.ts';
import { signMessage } from '../../src/mks/sign.ts';
import { UntrustedError, verifyAnswer, verifyJws } from '../../src/mks/verify.ts';
import { mutateAnswers, wrongSignatures } from '../support/signatures.ts';
import { base64url } from '../support/upstream.ts';
import { memberIdentity, mkk } from './support.ts';
import { rfc7515Jws, rfc7515Key, sampleAnswer, sampleRequest } from './vectors.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const payloadOf = (text: string): Buffer => Buffer.from(text.split('.')[1] ?? '', 'base64url');

test('RFC 7515 A.2: the same payload and key give the same JWS, and it verifies', async () => {
  const privateKey = createPrivateKey({ key: rfc7515Key, format: 'jwk' });
  assert.equal(await signMessage(payloadOf(rfc7515Jws), keySigner(privateKey)), rfc7515Jws);
  const { payload } = await verifyJws(rfc7515Jws, [createPublicKey(privateKey)]);
  assert.equal(payload['iss'], 'joe');
});

test('300 random payloads, verified by OpenSSL through node:crypto', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const { publicKey } = memberIdentity.certificate;
  const check = (signed: Buffer, signature: Buffer): boolean =>
    verify('sha256', signed, publicKey, signature);
  assert.deepEqual(await wrongSignatures(300, seed, memberIdentity.signer, check), []);
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

test('5,000 mutated answers: none is believed with another header or payload', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const { privateKey, certificate } = mkk;
  const keys = { privateKey, publicKey: certificate.publicKey };
  const { wrong, believed } = await mutateAnswers(5_000, seed, keys);
  assert.deepEqual(wrong, []);
  // A changed unused bit at the signature's end, or a mutation that changed nothing.
  assert.ok(believed < 500, `${believed} believed`);
});
