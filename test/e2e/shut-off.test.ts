/**
 * One member's key or certificate that cannot be used: it alone is shut off, and it comes back by
 * itself once its files are mended.
 */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import type { Sandbox } from '../../sandbox/index.ts';
import { ConfigurationError } from '../../src/config.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway } from '../support/gateway.ts';
import { makeIdentity } from '../support/identities.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  reportOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { until } from '../support/until.ts';

const OTHER_DATE = '20260303';
const SOUND = {
  members: ['TIB', 'AKY'].map((code) => ({ memberCode: code, userCode: `${code}991` })),
};

interface Files {
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  key: string;
  other: { key: string; certificate: string };
  /** Everything as it was. */
  mend(): Promise<void>;
}

async function filesOf(sandbox: Sandbox, member: string, other: string): Promise<Files> {
  const path = (code: string, name: string) => join(sandbox.membersFile, '..', code, name);
  const read = (code: string, name: string) => readFile(path(code, name), 'utf8');
  const key = await read(member, 'signing.key');
  const certificate = await read(member, 'signing.pem');
  const write = (name: string, text: string) =>
    writeFile(path(member, name), text, { mode: 0o600 });
  return {
    write,
    remove: (name) => rm(path(member, name)),
    key,
    other: { key: await read(other, 'signing.key'), certificate: await read(other, 'signing.pem') },
    async mend() {
      await write('signing.key', key);
      await write('signing.pem', certificate);
    },
  };
}

interface MemberDocument {
  member: string;
  canSign: boolean;
  shutOff?: { reason: string; detail: string };
}

async function membersOf(
  get: (path: string, headers?: Record<string, string>) => Promise<Response>,
) {
  const { items } = (await (await get('/members', { 'accept-language': 'tr' })).json()) as {
    items: MemberDocument[];
  };
  return Object.fromEntries(items.map((item) => [item.member, item]));
}

/** What is done to a member's files, and the reason that is told. */
const WAYS: [name: string, reason: string, spoil: (files: Files) => Promise<void>][] = [
  ['a missing key', 'key-unusable', (files) => files.remove('signing.key')],
  ['a key that is none', 'key-unusable', (files) => files.write('signing.key', 'no key')],
  [
    'an encrypted key',
    'key-unusable',
    (files) => {
      const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hush' };
      const text = createPrivateKey(files.key).export(cipher as never);
      return files.write('signing.key', text as unknown as string);
    },
  ],
  [
    "another member's key",
    'certificate-of-another-key',
    (files) => files.write('signing.key', files.other.key),
  ],
  ['a missing certificate', 'certificate-unusable', (files) => files.remove('signing.pem')],
  [
    "another member's certificate",
    'certificate-of-another-key',
    (files) => files.write('signing.pem', files.other.certificate),
  ],
];

for (const [name, reason, spoil] of WAYS) {
  test(`${name} shuts off its member alone, until it is mended`, async (t) => {
    const sandbox = await startTestSandbox(t, SOUND);
    const files = await filesOf(sandbox, 'AKY', 'TIB');
    await spoil(files);
    const { url } = await startTestGateway(t, environmentOf(sandbox));
    const { ask, get } = client(url);

    const members = await membersOf(get);
    assert.equal(members['TIB']?.canSign, true);
    assert.equal(members['AKY']?.canSign, false);
    assert.equal(members['AKY']?.shutOff?.reason, reason);
    assert.match(members['AKY']?.shutOff?.detail ?? '', /anahtarı|sertifikası/);
    const ready = await get('/health/ready');
    assert.equal(ready.status, 200);
    assert.match(await ready.text(), /1 of 2 can sign; AKY cannot sign: /);
    assert.match(await (await get('/metrics')).text(), /member_shut_off\{member="AKY"\} 1/);

    const refused = await problemOf(await ask({ processDate: DATE, member: 'AKY' }));
    assert.deepEqual([refused.slug, refused['outcome']], ['conflict', 'not-sent']);
    assert.match(String(refused['hint']), /certificate or the signing key/);
    const inTurkish = { 'accept-language': 'tr', prefer: 'respond-async' };
    const turkish = await problemOf(await ask({ processDate: DATE, member: 'AKY' }, inTurkish));
    assert.match(`${String(turkish['detail'])} ${String(turkish['hint'])}`, /imza atamıyor.*Neden/);
    const passed = await problemOf(await callStatus(url));
    assert.deepEqual([passed.slug, passed.status], ['conflict', 409]);
    assert.match(String(passed['hint']), /sertifikası veya imza anahtarı/);

    assert.equal((await rowsOf(await ask({ processDate: DATE, member: 'TIB' }))).rowCount, 50);
    await files.mend();
    await until(async () => (await membersOf(get))['AKY']?.canSign === true);
    assert.equal((await rowsOf(await ask({ processDate: DATE, member: 'AKY' }))).rowCount, 50);
  });
}

function callStatus(url: string): Promise<Response> {
  return fetch(`${url}/mks/v1/reports/async-report-status?member=AKY`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'tr' },
    body: JSON.stringify({ refId: 'REF1' }),
  });
}

test('without its signing key what is kept is read, and what needs MKS waits', async (t) => {
  const { files, before, live, restart } = await setUpKept(t);
  await files.remove('signing.key');
  const { ask, get } = client((await restart()).url);
  const kept = await rowsOf(await get(`/balances/${before.id}/rows`));
  assert.deepEqual(kept.rows, before.rows);
  assert.equal((await get(`/balances/${before.id}/file`)).status, 200);
  const joined = await rowsOf(await ask({ processDate: DATE, member: 'AKY' }));
  assert.equal(joined.id, before.id);
  const problem = await problemOf(await ask({ processDate: DATE, member: 'AKY', refresh: true }));
  assert.deepEqual([problem.slug, problem.status], ['conflict', 409]);
  assert.match(String(problem['hint']), /signing key/);
  await until(async () => {
    const { waiting } = (await (await get(`/balances/${live.id}`)).json()) as {
      waiting?: { for: string; detail: string };
    };
    return waiting?.for === 'member-paused' && waiting.detail.includes('AKY cannot sign');
  });
  for (const path of ['/members', '/exchanges', '/balances', '/metrics', '/health/upstream']) {
    const answer = await get(path);
    assert.ok(answer.status < 500 || path === '/health/upstream', `${path}: ${answer.status}`);
  }

  await files.mend();
  const mended = performance.now();
  await until(
    async () => (await reportOf(await get(`/balances/${live.id}`), 200)).state === 'ready',
  );
  assert.ok(performance.now() - mended < 10_000, 'it goes on at once, and not at the next look');
});

/** A ready report and one that MKS is preparing, and the gateway that made them has ended. */
async function setUpKept(t: TestContext) {
  const sandbox = await startTestSandbox(t, { ...SOUND, prepareSeconds: 3 });
  const environment = { ...environmentOf(sandbox), DATA_DIR: await temporaryFolder() };
  const first = await startTestGateway(t, environment);
  const { ask, get } = client(first.url);
  const before = await rowsOf(await ask({ processDate: DATE, member: 'AKY' }));
  const live = await reportOf(
    await ask({ processDate: OTHER_DATE, member: 'AKY' }, { prefer: 'respond-async' }),
  );
  await until(
    async () => (await reportOf(await get(`/balances/${live.id}`), 200)).state === 'preparing',
  );
  await first.close();
  const files = await filesOf(sandbox, 'AKY', 'TIB');
  return { files, before, live, restart: () => startTestGateway(t, environment) };
}

test('a certificate that ends while the gateway runs shuts off its member then, told once', async (t) => {
  const sandbox = await startTestSandbox(t, SOUND);
  const files = await filesOf(sandbox, 'AKY', 'TIB');
  // Good for 300 days, the other member's for longer.
  const { keyPem, certificatePem, certificate } = await makeIdentity();
  await files.write('signing.key', keyPem);
  await files.write('signing.pem', certificatePem);
  sandbox.registerCertificate('AKY', certificatePem);
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead, elapsedMs: () => performance.now() };
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const { url } = await startTestGateway(t, environmentOf(sandbox), clock, log);
  const { ask, get } = client(url);
  assert.equal((await rowsOf(await ask({ processDate: DATE, member: 'AKY' }))).rowCount, 50);

  ahead = certificate.validToDate.getTime() - Date.now();
  const { AKY, TIB } = await membersOf(get);
  assert.deepEqual([TIB?.canSign, AKY?.canSign], [true, false]);
  assert.deepEqual(AKY?.shutOff, {
    reason: 'certificate-expired',
    detail: 'sertifikasının süresi dolmuş',
  });
  const ready = await get('/health/ready');
  assert.match(await ready.text(), /1 of 2 can sign; AKY cannot sign: its certificate has expired/);
  const metrics = await (await get('/metrics')).text();
  assert.match(metrics, /member_shut_off\{member="AKY"\} 1\n/);
  assert.match(metrics, /member_shut_off\{member="TIB"\} 0\n/);
  const refused = await problemOf(await ask({ processDate: OTHER_DATE, member: 'AKY' }));
  assert.deepEqual([refused.slug, refused['outcome']], ['conflict', 'not-sent']);
  assert.equal((await rowsOf(await ask({ processDate: OTHER_DATE, member: 'TIB' }))).rowCount, 50);
  const isTold = (line: string) => line.includes('AKY cannot sign: its certificate has expired');
  await until(() => logged.some(isTold));
  assert.equal((JSON.parse(logged.find(isTold) ?? '') as { level: number }).level, 50);
});

test('with no member left that can sign the start is refused, with all reasons', async (t) => {
  const sandbox = await startTestSandbox(t, SOUND);
  await rm(join(sandbox.membersFile, '../AKY/signing.key'));
  await rm(join(sandbox.membersFile, '../TIB/signing.pem'));
  await assert.rejects(startTestGateway(t, environmentOf(sandbox)), (error) => {
    assert.ok(error instanceof ConfigurationError);
    const told = error.mistakes.map(({ en }) => en).join('\n');
    assert.match(told, /TIB\/signing\.pem \(ENOENT\)/);
    assert.match(told, /AKY\/signing\.key \(ENOENT\)/);
    return true;
  });
});
