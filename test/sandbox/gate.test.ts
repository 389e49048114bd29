/** What never reaches MKS: each flaw of a request gets its own code, unsigned and without a messageId. */
import assert from 'node:assert/strict';
import { constants, sign } from 'node:crypto';
import { test } from 'node:test';
import type { Sandbox } from '../../sandbox/index.ts';
import { rsaKey } from '../support/shared-keys.ts';
import {
  balanceFields,
  createClient,
  decodePart,
  encodePart,
  login,
  memberKey,
  PATHS,
  postLogin,
  readAnswer,
  send,
  signCompact,
  start,
  type Answer,
  type Client,
  type Json,
} from './support.ts';

const MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];

/** A good request with some of its parts exchanged. */
async function post(
  sandbox: Sandbox,
  client: Client,
  changes: { headers?: Json; body?: string; path?: string; method?: string },
): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${client.token}`,
    Sender: client.member,
    'Content-Type': 'text/plain',
    ...changes.headers,
  };
  const known = Object.entries(headers).filter(([, value]) => value !== undefined);
  const body = changes.body ?? client.sign(client.message(balanceFields()));
  const { method = 'POST', path = PATHS.balances } = changes;
  const options = { method, headers: Object.fromEntries(known) as Record<string, string> };
  return readAnswer(sandbox, await send(sandbox.url + path, options, body));
}

test('flaws of a request get their codes', async (t) => {
  const sandbox = await start(t, { members: MEMBERS });
  const client = await login(sandbox);
  const message = client.message(balanceFields());
  const stranger = await rsaKey();
  const signed = client.sign(message);
  const [header = '', payload = '', signature = ''] = signed.split('.');
  const refused = async (status: number, code: string, changes: Parameters<typeof post>[2]) => {
    const answer = await post(sandbox, client, changes);
    const what = JSON.stringify(changes).slice(0, 120);
    assert.deepEqual([answer.status, answer.code], [status, code], what);
    assert.deepEqual([answer.isSigned, answer.messageId], [false, undefined], what);
  };
  await refused(401, 'OI006', { headers: { Authorization: undefined } });
  await refused(401, 'OI006', { headers: { Authorization: 'Bearer undefined' } });
  await refused(401, 'OI006', { headers: { Authorization: `Basic ${client.token}` } });
  await refused(400, 'OI021', { headers: { Sender: undefined } });
  await refused(400, 'OI021', { headers: { Sender: 'XYZ' } });
  await refused(403, 'OI006', { headers: { Sender: 'AKY' } });
  await refused(415, 'OI002', { headers: { 'Content-Type': 'application/json' } });
  await refused(415, 'OI002', { headers: { 'Content-Type': 'text/plain; charset=latin1' } });
  await refused(400, 'OI016', { body: JSON.stringify(message) });
  await refused(400, 'OI016', { body: `${signed}\n` });
  await refused(400, 'OI016', { body: `${header}.${payload}=.${signature}` });
  await refused(400, 'OI016', { body: '' });
  await refused(400, 'OI012', { body: signCompact(message, stranger) });
  await refused(400, 'OI012', { body: `${encodePart({ alg: 'none' })}.${payload}.${signature}` });
  await refused(400, 'OI012', { body: client.sign(message, { alg: 'HS256' }) });
  await refused(400, 'OI012', { body: client.sign(message, { alg: 'RS256', crit: ['exp'] }) });
  await refused(400, 'OI012', {
    body: `${header}.${encodePart({ ...message, x: 1 })}.${signature}`,
  });
  await refused(404, 'OI020', { path: '/v1/reports/none' });
  await refused(405, 'OI020', { method: 'PUT' });
  const foreign = { requestHeader: { ...(message['requestHeader'] as Json), senderMember: 'AKY' } };
  await refused(400, 'OI021', { body: client.sign({ ...message, ...foreign }) });
  assert.equal((await post(sandbox, client, { body: signed })).code, '0000', 'none was used up');
  const withCharset = { 'Content-Type': 'text/plain; charset=UTF-8' };
  assert.notEqual((await post(sandbox, client, { headers: withCharset })).code, 'OI002');
});

test('every field has to meet its pattern', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const wrong: [path: string, fields: Json][] = [
    [PATHS.balances, balanceFields({ fileType: 'xml' })],
    [PATHS.balances, balanceFields({ zipPassword: 'short1A' })],
    [PATHS.balances, balanceFields({ zipPassword: 'no-digit-Here' })],
    [PATHS.balances, balanceFields({ zipPassword: 'no-capital-1' })],
    [PATHS.balances, balanceFields({ zipPassword: `A1${'x'.repeat(49)}` })],
    [PATHS.balances, balanceFields({ processDate: '2025-05-05' })],
    [PATHS.balances, balanceFields({ processDate: '20251305' })],
    [PATHS.balances, balanceFields({ processDate: 20250505 })],
    [PATHS.balances, balanceFields({ subAccNo: 'SER' })],
    [PATHS.balances, balanceFields({ isin: 'TRAGARAN91N' })],
    [PATHS.balances, balanceFields({ secClass: 'hs' })],
    [PATHS.balances, balanceFields({ accNo: '' })],
    [PATHS.balances, balanceFields({ accNo: null })],
    [PATHS.balances, balanceFields({ unknown: 'x' })],
    [PATHS.balances, { fileType: 'json', processDate: '20250505' }],
    [PATHS.status, {}],
    [PATHS.status, { refId: 'x'.repeat(51) }],
    [PATHS.content, { refId: 'x', fileName: 'short.zip' }],
    [PATHS.funds, { issuerMemberCode: 'TRISP', processDate: '20230606' }],
  ];
  for (const [path, fields] of wrong) {
    const { status, code } = await client.call(path, fields);
    assert.deepEqual([status, code], [400, 'OI002'], JSON.stringify(fields));
  }
  const spaced = await client.call(PATHS.status, { refId: 'x' }, 'with space');
  assert.equal(spaced.code, 'OI002');
  const long = await client.call(PATHS.status, { refId: 'x' }, 'x'.repeat(256));
  assert.equal(long.code, 'OI002');
});

test('RS512 and PS256 are strong enough too, but not under a false name', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const key = memberKey(sandbox, 'TIB');
  const codeOf = async (alg: string, hash: string, padding: object): Promise<unknown> => {
    const input = `${encodePart({ alg })}.${encodePart(client.message({ refId: 'x' }))}`;
    const signature = sign(hash, Buffer.from(input), { key, ...padding }).toString('base64url');
    return (await post(sandbox, client, { body: `${input}.${signature}`, path: PATHS.status }))
      .code;
  };
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  assert.equal(await codeOf('RS512', 'sha512', {}), 'RP018');
  assert.equal(await codeOf('PS256', 'sha256', pss), 'RP018');
  assert.equal(await codeOf('RS512', 'sha256', {}), 'OI012');
  assert.equal(await codeOf('RS256', 'sha256', pss), 'OI012');
  assert.equal(await codeOf('RS1', 'sha1', {}), 'OI012');
});

test("a user that is not the member's is RP039", async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const message = client.message({ refId: 'x' });
  const requestHeader = { ...(message['requestHeader'] as Json), sender: 'TIB992' };
  const body = client.sign({ ...message, requestHeader });
  const answer = await post(sandbox, client, { body, path: PATHS.status });
  assert.deepEqual([answer.status, answer.isSigned, answer.code], [422, true, 'RP039']);
});

test('a login answers as in the sample; its failure is unsigned JSON of its own', async (t) => {
  const sandbox = await start(t, { lifetimeSeconds: 1800 });
  const reply = await postLogin(sandbox, 'TIB');
  const { json } = readAnswer(sandbox, reply);
  assert.deepEqual([json['tokenType'], json['LifeTime']], ['Bearer', '1800']);
  assert.match(String(json['Created']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/);
  const [header = '', payload = ''] = String(json['token']).split('.');
  assert.deepEqual(decodePart(header), { alg: 'RS256' });
  const claims = decodePart(payload);
  assert.deepEqual(Object.keys(claims), ['iss', 'sub', 'exp', 'jti', 'claim']);
  assert.ok(Math.abs(Number(claims['exp']) - Date.now() / 1000 - 1800) < 5);
  const claim = claims['claim'] as Json;
  assert.deepEqual([claim['auth'], claim['ipList'], claim['reason']], ['OK', [null], undefined]);

  const wrong = readAnswer(sandbox, await postLogin(sandbox, 'TIB', { password: 'Wrong1*' }));
  assert.deepEqual([wrong.status, wrong.json['error_code']], [401, '0x00d30003']);
  const other = readAnswer(sandbox, await postLogin(sandbox, 'TIB', { username: 'AKY991' }));
  assert.equal(other.json['error_code'], '0x00d30003');
  const weak = readAnswer(sandbox, await postLogin(sandbox, 'TIB', { password: 'weak' }));
  assert.deepEqual([weak.status, weak.code], [400, 'OI002']);
  assert.equal(sandbox.stats.members['TIB']?.logins, 1);
  assert.equal(sandbox.stats.members['TIB']?.loginsRefused, 2);
});

test("a login's reference counts like any other", async (t) => {
  const sandbox = await start(t);
  const requestHeader = { senderReference: 'LOGIN-1', senderMember: 'TIB', sender: 'TIB991' };
  const password = { password: 'Wrong1*' };
  const refused = await postLogin(sandbox, 'TIB', { requestHeader, ...password });
  assert.equal(refused.status, 401);
  const granted = readAnswer(sandbox, await postLogin(sandbox, 'TIB', { requestHeader }));
  assert.equal(granted.status, 200, 'a refused login has no messageId');
  const again = readAnswer(sandbox, await postLogin(sandbox, 'TIB', { requestHeader }));
  assert.deepEqual([again.status, again.code], [422, 'RP045']);
  const client = createClient(sandbox, 'TIB', String(granted.json['token']));
  assert.equal((await client.call(PATHS.status, { refId: 'x' }, 'LOGIN-1')).code, 'RP045');
});

test('a token ends with its life; services keep their hours if they are told to', async (t) => {
  const sandbox = await start(t);
  sandbox.clock.set('2025-05-05T22:58:00+03:00');
  const client = await login(sandbox);
  const codeAfter = async (seconds: number): Promise<unknown> => {
    sandbox.clock.advance(seconds);
    return (await client.call(PATHS.status, { refId: 'x' })).code;
  };
  assert.equal(await codeAfter(0), 'RP018');
  sandbox.enforceHours(true);
  assert.equal(await codeAfter(60), 'RP018', '22:59');
  assert.equal(await codeAfter(60), 'OI003', '23:00');
  const closed = await client.call(PATHS.balances, balanceFields());
  assert.deepEqual([closed.status, closed.isSigned, closed.messageId], [503, false, undefined]);
  assert.equal((await postLogin(sandbox, 'TIB')).status, 200, 'the login is always open');
  sandbox.clock.set('2025-05-06T00:59:30+03:00');
  assert.equal(await codeAfter(0), 'OI006', 'the token is two hours old');
  const next = await login(sandbox);
  assert.equal((await next.call(PATHS.status, { refId: 'x' })).code, 'OI003');
  sandbox.clock.advance(60);
  assert.equal((await next.call(PATHS.status, { refId: 'x' })).code, 'RP018', '01:00');
});
