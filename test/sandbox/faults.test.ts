/** Each fault does what its name says, as often as it was told, and leaves the next message alone. */
import assert from 'node:assert/strict';
import { createHmac, verify, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import type { Fault, Sandbox } from '../../sandbox/index.ts';
import {
  balanceFields,
  login,
  PATHS,
  postLogin,
  readAnswer,
  start,
  type Client,
  type Json,
  type Reply,
} from './support.ts';

const DETAILS = { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' };

async function prepare(t: Parameters<typeof start>[0]): Promise<[Sandbox, Client]> {
  const sandbox = await start(t);
  return [sandbox, await login(sandbox)];
}

async function parts(client: Client): Promise<{ header: Json; payload: Json; text: string }> {
  const { body } = await client.post(PATHS.funds, DETAILS);
  const text = body.toString();
  const [header, payload] = text
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  return {
    header: JSON.parse(header ?? '') as Json,
    payload: JSON.parse(payload ?? '') as Json,
    text,
  };
}

test('faults that swallow the answer leave the message processed', async (t) => {
  const [sandbox, client] = await prepare(t);
  for (const fault of [{ name: 'no-answer' }, { name: 'reset-after' }] as const) {
    sandbox.faults.arm(fault);
    const lost = client.call(PATHS.funds, DETAILS, fault.name);
    if (fault.name === 'reset-after') await assert.rejects(lost, { code: 'ECONNRESET' });
    else lost.catch(() => undefined);
    const deadlineMs = Date.now() + 5000;
    while (sandbox.log.at(-1)?.reference !== fault.name && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.deepEqual(sandbox.log.at(-1)?.faults, [fault.name]);
    assert.equal(sandbox.log.at(-1)?.code, undefined);
    assert.equal((await client.call(PATHS.funds, DETAILS, fault.name)).code, 'MF04');
  }
});

test('reset-before leaves the message unprocessed', async (t) => {
  const [sandbox, client] = await prepare(t);
  sandbox.faults.arm({ name: 'reset-before' });
  await assert.rejects(client.call(PATHS.funds, DETAILS, 'R-1'), { code: 'ECONNRESET' });
  assert.equal((await client.call(PATHS.funds, DETAILS, 'R-1')).code, '0000');
});

test('faults that take the place of an answer use no reference up, unless processed', async (t) => {
  const [sandbox, client] = await prepare(t);
  const cases: [Fault, number, string][] = [
    [{ name: 'unauthorized' }, 401, 'OI006'],
    [{ name: 'unauthorized', status: 403 }, 403, 'OI006'],
    [{ name: 'html-500' }, 500, '<!doctype html>'],
    [{ name: 'xml-fault' }, 500, '<?xml'],
    [{ name: 'too-many-requests' }, 429, 'Too many'],
    [{ name: 'unsigned-failure', code: 'RP003' }, 422, 'RP003'],
    [{ name: 'code', code: 'OI003', httpStatus: 503 }, 503, 'OI003'],
    [{ name: 'code', code: 'SYS0' }, 500, 'SYS0'],
  ];
  for (const [fault, status, content] of cases) {
    for (const processed of [false, true]) {
      const reference = `${fault.name}-${status}-${content.slice(-3)}-${processed}`;
      sandbox.faults.arm({ ...fault, processed });
      const reply = await client.post(PATHS.funds, DETAILS, reference);
      assert.equal(reply.status, status);
      assert.ok(reply.body.toString().includes(content), reply.body.toString());
      const next = await client.call(PATHS.funds, DETAILS, reference);
      assert.equal(next.code, processed ? 'MF04' : '0000', reference);
    }
  }
});

test('an armed code of MKS is signed, has a messageId and uses the reference up', async (t) => {
  const [sandbox, client] = await prepare(t);
  sandbox.faults.arm({ name: 'code', code: 'RP036', service: 'balance-report', times: 2 });
  assert.equal((await client.call(PATHS.funds, DETAILS)).code, '0000', 'another service');
  const first = await client.call(PATHS.balances, balanceFields(), 'C-1');
  assert.deepEqual([first.status, first.isSigned, first.code], [422, true, 'RP036']);
  assert.ok(first.messageId);
  assert.equal((await client.call(PATHS.balances, balanceFields(), 'C-1')).code, 'RP045');
  assert.equal((await client.call(PATHS.balances, balanceFields())).code, '0000', 'spent');
  sandbox.faults.arm({ name: 'code', code: 'RP015', signed: false, httpStatus: 200 });
  const unsigned = await client.call(PATHS.status, { refId: 'x' });
  assert.deepEqual([unsigned.status, unsigned.isSigned, unsigned.code], [200, false, 'RP015']);
});

test('RP025 ends the report that was asked about', async (t) => {
  const sandbox = await start(t, { prepareSeconds: 100 });
  const client = await login(sandbox);
  const { refId } = (await client.call(PATHS.balances, balanceFields())).json;
  sandbox.faults.arm({ name: 'code', code: 'RP025', service: 'async-report-status' });
  assert.equal((await client.call(PATHS.status, { refId })).code, 'RP025');
  assert.equal((await client.call(PATHS.status, { refId })).code, 'RP025');
  assert.equal((await client.call(PATHS.balances, balanceFields())).code, '0000');
});

test('faults of the login', async (t) => {
  const [sandbox, client] = await prepare(t);
  const loginWith = async (fault: Fault): Promise<Json> => {
    sandbox.faults.arm(fault);
    return readAnswer(sandbox, await postLogin(sandbox, 'TIB')).json;
  };
  assert.equal((await loginWith({ name: 'wrong-login' }))['error_code'], '0x00d30003');
  assert.equal((await loginWith({ name: 'lifetime-number' }))['LifeTime'], 3600);
  const { token } = await loginWith({ name: 'unregistered-ip-reason' });
  const claims = JSON.parse(
    Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString(),
  ) as { claim: Json };
  assert.match(String(claims.claim['reason']), /ip/);
  sandbox.faults.arm({ name: 'token-revoked' });
  const refused = await client.call(PATHS.funds, DETAILS);
  assert.deepEqual([refused.status, refused.code], [401, 'OI006']);
  assert.equal((await (await login(sandbox)).call(PATHS.funds, DETAILS)).code, '0000');
});

test('faults in the payload', async (t) => {
  const [sandbox, client] = await prepare(t);
  sandbox.faults.arm({ name: 'no-file-names' });
  const { refId } = (await client.call(PATHS.balances, balanceFields())).json;
  const status = await client.call(PATHS.status, { refId });
  assert.deepEqual([status.code, 'fileNames' in status.json], ['0000', false]);
  sandbox.faults.arm({ name: 'no-ref-id' });
  const asked = await client.call(PATHS.balances, balanceFields());
  assert.deepEqual([asked.isSigned, asked.code, 'refId' in asked.json], [true, '0000', false]);
  sandbox.faults.arm({ name: 'missing-sender-reference' });
  const nameless = (await client.call(PATHS.funds, DETAILS)).json['responseHeader'] as Json;
  assert.deepEqual(['senderReference' in nameless, 'messageId' in nameless], [false, true]);
  sandbox.faults.arm({ name: 'message-id-number' });
  assert.equal(typeof (await client.call(PATHS.funds, DETAILS)).messageId, 'number');
  sandbox.faults.arm({ name: 'unsigned-success' });
  const unsigned = await client.call(PATHS.funds, DETAILS);
  assert.deepEqual([unsigned.isSigned, unsigned.status, unsigned.code], [false, 200, '0000']);
});

test('faults in the signature', async (t) => {
  const [sandbox, client] = await prepare(t);
  const { publicKey } = new X509Certificate(sandbox.trustedCertificatePem);
  const strike = async (name: Fault['name']) => {
    sandbox.faults.arm({ name });
    const { header, payload, text } = await parts(client);
    const [head, body, signature = ''] = text.trim().split('.');
    const input = Buffer.from(`${head}.${body}`);
    const holds = verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
    return { header, payload, input, signature, holds };
  };
  for (const name of ['wrong-signer', 'tampered-payload'] as const) {
    const { header, holds } = await strike(name);
    assert.deepEqual([header, holds], [{ alg: 'RS256' }, false], name);
  }
  assert.deepEqual((await strike('alg-none')).header, { alg: 'none' });
  const mac = await strike('hs256');
  const expected = createHmac('sha256', sandbox.trustedCertificatePem).update(mac.input);
  assert.equal(mac.signature, expected.digest('base64url'));
  for (const name of ['crit-header', 'b64-header'] as const) {
    const { header, holds } = await strike(name);
    assert.ok(Array.isArray(header['crit']) && holds, name);
  }
  const jwk = await strike('jwk-in-header');
  assert.deepEqual([typeof jwk.header['jwk'], jwk.holds], ['object', false]);
  const extra = await strike('extra-header-fields');
  assert.deepEqual([extra.header['kid'], extra.holds], ['mkk-1', true]);
  const earlier = await parts(client);
  sandbox.faults.arm({ name: 'other-answer' });
  assert.equal((await parts(client)).text, earlier.text);
});

test('a JWS in a JSON string, and one between white space', async (t) => {
  const [sandbox, client] = await prepare(t);
  const textWith = async (name: Fault['name']): Promise<string> => {
    sandbox.faults.arm({ name });
    return (await client.post(PATHS.funds, DETAILS)).body.toString();
  };
  const inString = JSON.parse(await textWith('json-string-jws')) as string;
  const inSpace = await textWith('whitespace-jws');
  assert.notEqual(inSpace, inSpace.trim());
  for (const text of [inString, inSpace.trim()]) {
    const reply = { status: 200, headers: {}, body: Buffer.from(text) } satisfies Reply;
    assert.ok(readAnswer(sandbox, reply).isSigned);
  }
});

test('faults on the wire', async (t) => {
  const [sandbox, client] = await prepare(t);
  const post = (fault: Fault): Promise<Reply> => {
    sandbox.faults.arm(fault);
    return client.post(PATHS.funds, DETAILS);
  };
  assert.equal((await post({ name: 'empty-body' })).body.length, 0);
  assert.equal((await post({ name: 'huge-body', megabytes: 3 })).body.length, 3 * 1024 * 1024);
  assert.equal((await post({ name: 'connection-close' })).headers.connection, 'close');
  await assert.rejects(post({ name: 'endless-headers' }), { code: 'HPE_HEADER_OVERFLOW' });
  await assert.rejects(post({ name: 'reset-midway' }), { code: 'ECONNRESET' });
  const startedMs = performance.now();
  const whole = readAnswer(sandbox, await post({ name: 'drip', bytesPerSecond: 2000 }));
  assert.ok(whole.isSigned);
  assert.ok(performance.now() - startedMs > 200, 'some 550 bytes at 2000 bytes a second');
  const delayedMs = performance.now();
  await post({ name: 'delay', ms: 150 });
  assert.ok(performance.now() - delayedMs > 145);
});

test('times, skip, member and clear', async (t) => {
  const [sandbox, client] = await prepare(t);
  const statusOf = async (): Promise<number> => (await client.post(PATHS.funds, DETAILS)).status;
  sandbox.faults.arm({ name: 'html-500', skip: 1, times: 2 });
  assert.deepEqual(
    [await statusOf(), await statusOf(), await statusOf(), await statusOf()],
    [200, 500, 500, 200],
  );
  sandbox.faults.arm({ name: 'html-500', member: 'AKY' });
  assert.equal(await statusOf(), 200);
  sandbox.faults.arm({ name: 'too-many-requests', times: -1 });
  assert.deepEqual([await statusOf(), await statusOf(), await statusOf()], [429, 429, 429]);
  assert.deepEqual(
    sandbox.faults.armed().map(({ name }) => name),
    ['html-500', 'too-many-requests'],
  );
  sandbox.faults.clear();
  assert.equal(await statusOf(), 200);
  const arm = (fault: object) => () => sandbox.faults.arm(fault as Fault);
  assert.throws(arm({ name: 'none' }), /unknown fault none/);
  assert.throws(arm({ name: 'drip', service: 'none' }), /unknown service none/);
  assert.throws(arm({ name: 'drip', times: 0 }), /times/);
});
