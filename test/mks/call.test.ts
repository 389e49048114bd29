/** One call from end to end: what leaves, what comes back, what is written down. */
import assert from 'node:assert/strict';
import { createHash, verify, X509Certificate } from 'node:crypto';
import test from 'node:test';
import { jws, message } from '../support/upstream.ts';
import { keySigner } from '../../src/lib/key-signer.ts';
import { makeIdentity } from '../config/support.ts';
import { member, memberIdentity, mkk, PASSWORD, setUp, STATUS } from './support.ts';

test('a call is a signed message with a token, and its answer is verified', async (t) => {
  const { mks, upstream, exchanges } = await setUp(t);
  const answer = await mks.call({ ...STATUS, client: 'reconciliation' });
  assert.equal(answer.kind, 'message');
  assert.equal(answer.kind === 'message' && answer.code, '0000');
  assert.equal(answer.kind === 'message' && answer.messageId, '875569523');
  assert.equal(answer.kind === 'message' && answer.description, 'Başarılı');

  const [login, call] = upstream.received;
  assert.ok(login && call);
  assert.equal(login.path, '/v1/auth');
  assert.equal(login.headers['content-type'], 'application/json');
  assert.equal(login.headers.authorization, undefined);
  assert.equal(login.payload['username'], 'TIB991');
  assert.equal(login.payload['password'], PASSWORD);

  assert.equal(call.path, '/v1/reports/async-report-status');
  assert.equal(call.headers['content-type'], 'text/plain');
  assert.equal(call.headers['sender'], 'TIB');
  assert.equal(call.headers.accept, '*/*');
  assert.equal(call.headers.connection, 'close');
  assert.match(call.headers.authorization ?? '', /^Bearer eyJ/);
  assert.equal(call.headers['content-length'], String(Buffer.byteLength(call.text)));
  const [header = '', payload = '', signature = ''] = call.text.split('.');
  assert.equal(Buffer.from(header, 'base64url').toString(), '{"alg":"RS256"}');
  assert.deepEqual(Object.keys(call.payload), ['requestHeader', 'refId']);
  assert.deepEqual(Object.entries(call.payload['requestHeader'] as object), [
    ['senderReference', answer.senderReference],
    ['senderMember', 'TIB'],
    ['sender', 'TIB991'],
  ]);
  assert.ok(
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      memberIdentity.certificate.publicKey,
      Buffer.from(signature, 'base64url'),
    ),
  );
  assert.match(answer.senderReference, /^GW\d+-[0-9A-HJKMNP-TV-Z]{16}$/);

  const [loginLine, line] = exchanges;
  assert.equal(loginLine?.service, 'auth');
  assert.equal(loginLine?.answer, undefined, 'a login’s answer is a token and is not kept');
  assert.equal(line?.outcome, 'answered');
  assert.equal(line?.client, 'reconciliation');
  assert.equal(line?.senderReference, answer.senderReference);
  assert.equal(line?.requestDigest, createHash('sha256').update(call.text).digest('hex'));
  assert.equal(line?.answer?.split('.').length, 3);
});

test('the body cannot replace the header', async (t) => {
  const { mks, upstream } = await setUp(t);
  const body = { refId: 'x', requestHeader: { senderReference: 'stolen' } };
  const { senderReference } = await mks.call({ ...STATUS, body });
  assert.equal(upstream.calls[0]?.senderReference, senderReference);
});

test('business codes are answers, whatever the status and wherever they stand', async (t) => {
  const { mks, upstream } = await setUp(t);
  for (const status of [200, 422, 400, 500, 401]) {
    upstream.onCall = (received) => ({
      status,
      body: jws(message(received, 'RP021'), mkk.privateKey),
    });
    const answer = await mks.call(STATUS);
    assert.equal(answer.kind === 'message' && answer.code, 'RP021');
    assert.equal(answer.httpStatus, status);
  }
  upstream.onCall = (received) => {
    const { responseHeader } = message(received);
    const top = { responseHeader, responseCode: 'BS040', responseDesc: 'yok\u0000\n' };
    return { status: 422, body: jws(top, mkk.privateKey) };
  };
  const answer = await mks.call(STATUS);
  assert.equal(answer.kind === 'message' && answer.code, 'BS040');
  assert.equal(answer.kind === 'message' && answer.description, 'yok ');
});

test('a success without a code and numbers for texts are understood', async (t) => {
  const { mks, upstream } = await setUp(t);
  upstream.onCall = ({ senderReference }) => ({
    body: jws(
      `{"responseHeader":{"senderReference":"${senderReference}","messageId":9007199254740993123},
        "fileNames":["a.zip"],"amount":1.10,"total":12345678901234567890.25}`,
      mkk.privateKey,
    ),
  });
  const answer = await mks.call(STATUS);
  assert.ok(answer.kind === 'message');
  assert.equal(answer.code, '0000');
  assert.equal(answer.messageId, '9007199254740993123');
  const text = JSON.stringify(answer.payload);
  assert.ok(text.includes('"amount":1.10'), text);
  assert.ok(text.includes('"total":12345678901234567890.25'), text);
});

test('a signed answer is taken in every wrapping that is still the same bytes', async (t) => {
  const { mks, upstream } = await setUp(t);
  const wrappings: ((text: string) => string)[] = [
    (text) => `${text}\r\n`,
    (text) => `\uFEFF  ${text}`,
    (text) => JSON.stringify(text),
    (text) => ` ${JSON.stringify(` ${text}\n`)}`,
  ];
  const types = ['text/plain', 'application/json', 'application/octet-stream', 'text/html'];
  for (const [index, wrap] of wrappings.entries()) {
    upstream.onCall = (received) => ({
      headers: { 'content-type': types[index] ?? '' },
      body: wrap(jws(message(received), mkk.privateKey)),
    });
    const answer = await mks.call(STATUS);
    assert.equal(answer.kind, 'message');
  }
});

test('every algorithm of the list and every trusted certificate will do', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  credentials.trustedCertificates = [memberIdentity.certificate, mkk.certificate];
  for (const [alg, hash] of [
    ['RS256', 'sha256'],
    ['RS384', 'sha384'],
    ['RS512', 'sha512'],
  ] as const) {
    upstream.onCall = (received) => ({
      body: jws(message(received), mkk.privateKey, { alg, typ: 'JOSE', kid: 'x', jku: 'y' }, hash),
    });
    assert.equal((await mks.call(STATUS)).kind, 'message');
  }
});

test('the identity of the day signs', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  const next = { ...mkk, validFrom: Date.now() - 1000 };
  credentials.members.set('TIB', { ...member, next });
  await mks.call(STATUS);
  const [header = '', payload = '', signature = ''] = upstream.calls[0]?.text.split('.') ?? [];
  assert.ok(
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      mkk.certificate.publicKey,
      Buffer.from(signature, 'base64url'),
    ),
  );
});

test('a member whose certificate has ended is shut off: nothing is sent, not even a login', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  const { key, pem } = await makeIdentity(2048, -3_000, -2_900);
  const identity = { signer: keySigner(key), certificate: new X509Certificate(pem) };
  credentials.members.set('TIB', { ...member, identity });
  await assert.rejects(mks.call(STATUS), { code: 'conflict', outcome: 'not-sent' });
  assert.equal(upstream.calls.length, 0);
  credentials.members.set('TIB', { ...member, identity, next: { ...mkk, validFrom: 1 } });
  await mks.call(STATUS);
  assert.equal(upstream.calls.length, 1);
});

test('a description somewhat longer than the document’s 255 characters is taken, its cut marked', async (t) => {
  const { mks, upstream } = await setUp(t);
  const described = (responseDesc: string) => ({
    response: { responseCode: 'RP036', responseDesc },
  });
  for (const [text, shown] of [
    ['d'.repeat(255), 'd'.repeat(255)],
    ['d'.repeat(300), `${'d'.repeat(254)}…`],
  ] as const) {
    upstream.onCall = (received) => ({
      body: jws({ ...message(received), ...described(text) }, mkk.privateKey),
    });
    const answer = await mks.call(STATUS);
    assert.ok(answer.kind === 'message');
    assert.equal(answer.description, shown);
  }
});

test('a journal that takes no line costs no call', async (t) => {
  const { mks, exchanges, logged } = await setUp(t);
  Object.freeze(exchanges);
  assert.equal((await mks.call(STATUS)).kind, 'message');
  const untold = logged.filter((line) => line.includes('the journal did not take a line'));
  assert.equal(untold.length, 2, 'the login and the message');
  assert.ok(untold.every((line) => line.includes('"level":50')));
});
