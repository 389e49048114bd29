/** A change of the signing key, or of MKK's certificate, seen from the adapter. */
import assert from 'node:assert/strict';
import { verify, type KeyObject } from 'node:crypto';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '../../src/lib/credentials.ts';
import { makeIdentity } from '../support/identities.ts';
import { jws, message, type Received } from '../support/upstream.ts';
import { errorOf, member, memberIdentity, mkk, setUp, STATUS } from './support.ts';

const next = await makeIdentity();
const otherMkk = await makeIdentity();

/** Both keys configured, the new one in force. */
const during: Member = { ...member, next: { ...next, validFrom: 0 } };
/** The new key alone, as after the entry was tidied up. */
const after: Member = { ...member, identity: next };

function isSignedBy({ text }: Received, { publicKey }: { publicKey: KeyObject }): boolean {
  const [header, payload, signature = ''] = text.split('.');
  const input = Buffer.from(`${header}.${payload}`);
  return verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
}

test('the next key signs from its first moment on', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  const change = Date.now() + 1_000;
  credentials.members.set('TIB', { ...member, next: { ...next, validFrom: change } });
  await mks.call(STATUS);
  await sleep(change - Date.now() + 20);
  await mks.call(STATUS);
  const [before, since] = upstream.calls;
  assert.ok(before && isSignedBy(before, memberIdentity.certificate));
  assert.ok(since && isSignedBy(since, next.certificate));
});

test('one login serves across the change, with the old key there or gone', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  await mks.call(STATUS);
  credentials.members.set('TIB', during);
  await mks.call(STATUS);
  assert.equal(upstream.logins, 1);
  credentials.members.set('TIB', after);
  await mks.call(STATUS);
  assert.equal(upstream.logins, 1);
});

test('a message without an answer goes again under its reference, signed by the new key', async (t) => {
  const { mks, upstream, credentials } = await setUp(t, { config: { requestTimeoutMs: 300 } });
  await mks.call(STATUS);
  upstream.onCall = () => (response) => response.destroy();
  const { details } = await errorOf(mks.call(STATUS));
  const { senderReference = '', deadline = 0 } = details;
  await sleep(deadline - Date.now() + 20);
  upstream.onCall = (received) => ({ body: jws(message(received), mkk.privateKey) });
  credentials.members.set('TIB', during);
  const other = { ...STATUS, body: { refId: 'another' }, senderReference };
  assert.equal((await errorOf(mks.call(other))).code, 'conflict');
  await mks.call({ ...STATUS, senderReference });
  const sent = upstream.calls.at(-1);
  assert.equal(sent?.senderReference, senderReference);
  assert.ok(isSignedBy(sent, next.certificate));
});

test('the pause of a refused login outlasts a change of the key, not one of the password', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  const good = upstream.onAuth;
  upstream.onAuth = () => ({ status: 401, body: '{"error_code":"0x00d30003"}' });
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-login-refused');
  credentials.members.set('TIB', during);
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-login-refused');
  assert.equal(upstream.logins, 1);
  upstream.onAuth = good;
  credentials.members.set('TIB', { ...during, password: 'Other-1!' });
  await mks.call(STATUS);
  assert.equal(upstream.logins, 2);
});

test('two certificates of MKK at once; one that was taken away is trusted no more', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  const answerWith = ({ privateKey }: { privateKey: KeyObject }): void => {
    upstream.onCall = (received) => ({ body: jws(message(received), privateKey) });
  };
  credentials.trustedCertificates = [mkk.certificate, otherMkk.certificate];
  await mks.call(STATUS);
  answerWith(otherMkk);
  await mks.call(STATUS);
  credentials.trustedCertificates = [otherMkk.certificate];
  await mks.call(STATUS);
  answerWith(mkk);
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-untrusted-response');
});
