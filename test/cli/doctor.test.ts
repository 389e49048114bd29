/** The doctor as an operator runs it, against a real sandbox, a real Redis and sockets that misbehave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createSandboxFiles } from '../../sandbox/index.ts';
import { createRedis } from '../../src/state/connection.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, startTestGateway } from '../support/gateway.ts';
import { freePort } from '../support/port.ts';
import { startRedis } from '../support/redis.ts';
import {
  type Check,
  environment,
  type Environment,
  examine,
  find,
  listeningOn,
  logins,
  only,
  sandbox,
  visit,
} from './doctor-support.ts';
import { serve } from '../support/serve.ts';

test('healthy: every check is told, one login serves two runs, both certificates are proven', async () => {
  const variables = await environment();
  const before = logins();
  const first = await visit(variables, '--signed', '--json');
  assert.equal(first.code, 0, first.output);
  assert.equal(first.errors, '');
  const document = JSON.parse(first.output) as { ok: boolean; checkedAt: string; checks: Check[] };
  assert.ok(document.ok);
  assert.ok(Math.abs(Date.parse(document.checkedAt) - Date.now()) < 60_000);
  const { checks } = document;
  assert.deepEqual(
    checks.map(({ check }) => check),
    (
      'configuration secret-files trusted-certificates certificate password signing-key name ' +
      'connection tls clock service-hours service-hours sealing-keys token address signed redis ' +
      'redis-persistence redis-memory disk'
    ).split(' '),
  );
  assert.ok(checks.every(({ status }) => status === 'ok'));
  assert.match(find(checks, 'signed').text, /both certificates hold.*RP018/);
  assert.match(find(checks, 'token').text, /logged in/);
  assert.equal(logins(), before + 1);

  const again = await visit(variables);
  assert.equal(again.code, 0, again.output);
  assert.match(again.output, /^✓ token TIB: the gateway's own/m);
  assert.match(again.output, /\n\nAll is well\.\n$/);
  assert.equal(logins(), before + 1, 'a new login may end the older token');
});

test('the gateway with a Redis of its own: token and Redis are shared, and stay', async (t) => {
  const variables = await environment({ REDIS_URL: '' });
  const gateway = await startTestGateway(t, variables);
  const call = async (): Promise<number> => {
    const { status } = await fetch(`${gateway.url}/mks/v1/reports/async-report-status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"refId":"e7M7RhX2xUzR3uAjsb2s"}',
    });
    return status;
  };
  assert.equal(await call(), 422);
  const before = logins();
  const { ok, checks } = await examine(variables);
  assert.ok(ok, JSON.stringify(checks));
  assert.match(find(checks, 'token').text, /the gateway's own/);
  assert.match(find(checks, 'redis').text, /the gateway's own/);
  assert.equal(await call(), 422, 'the Redis that the gateway uses is left to it');
  assert.equal(logins(), before);
});

test('a Redis of its own that does not run yet is started for the while', async (t) => {
  const variables = await environment({ REDIS_URL: '', SEALING_KEYS_FILE: '' });
  const before = logins();
  assert.ok((await examine(variables)).ok);
  assert.match(find((await examine(variables)).checks, 'token').text, /the gateway's own/);
  assert.equal(logins(), before + 1, 'the token is there for the gateway that starts next');
  const gateway = await spawnGateway(t, variables);
  assert.equal((await fetch(`${gateway.url}/health/ready`)).status, 200);
});

test('MKS is down', async () => {
  const variables = await environment({ MKS_BASE_URL: `https://127.0.0.1:${await freePort()}` });
  const { checks } = await examine(variables, '--signed');
  const { text, mends } = only(checks, 'connection');
  assert.match(text, /refuses the connection.*ECONNREFUSED/);
  assert.equal(mends, 'network');
  assert.match(find(checks, 'token').text, /MKS cannot be reached/);
  assert.equal(find(checks, 'redis').status, 'ok');
});

test('a name that does not exist; on the exchange line MKS_HOST_ADDRESS is what is missing', async () => {
  const away = { MKS_BASE_URL: 'https://mks.invalid' };
  const internet = await examine(await environment(away));
  assert.equal(only(internet.checks, 'name').mends, 'network');
  const exchange = await examine(await environment({ ...away, MKS_LINE: 'exchange' }));
  assert.match(only(exchange.checks, 'name').text, /MKS_HOST_ADDRESS.*MİM360/);
});

test('MKS_HOST_ADDRESS takes the place of the name, and TLS still checks the name', async () => {
  const at = { MKS_HOST_ADDRESS: '127.0.0.1' };
  const right = `https://apitest.mkk.com.tr:${sandbox.port}`;
  const good = await examine(await environment({ ...at, MKS_BASE_URL: right }), '--signed');
  assert.ok(good.ok, JSON.stringify(good.checks));
  const wrong = `https://api.mkk.com.tr:${sandbox.port}`;
  const { checks } = await examine(await environment({ ...at, MKS_BASE_URL: wrong }));
  assert.match(only(checks, 'tls').text, /is for localhost.*not for api\.mkk\.com\.tr/);
});

test('nobody known vouches for the certificate', async () => {
  const variables = await environment({ MKS_CA_FILE: '' });
  const { checks } = await examine(variables);
  assert.match(only(checks, 'tls').text, /MKS_CA_FILE/);
  assert.match(find(checks, 'token').text, /not asked/);
});

test('plain http where TLS is due, silence where an answer is due', async (t) => {
  const plain = await serve(t, (_request, response) => response.end());
  const url = plain.replace('http:', 'https:');
  const { checks } = await examine(await environment({ MKS_BASE_URL: url }));
  assert.match(only(checks, 'tls').text, /no TLS/);

  const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const began = Date.now();
  const hung = await examine(
    await environment({
      MKS_BASE_URL: `https://127.0.0.1:${port}`,
      MKS_REQUEST_TIMEOUT_SECONDS: '0.5',
    }),
  );
  assert.match(only(hung.checks, 'tls').text, /ETIMEDOUT/);
  assert.ok(Date.now() - began < 10_000);
});

test('the proxy: it connects, it wants a password, it refuses', async (t) => {
  const connects: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    connects.push(request.url ?? '');
    const login = request.headers['proxy-authorization'];
    const expected = `Basic ${Buffer.from('desk:pass%word').toString('base64')}`;
    socket.end(login === expected ? 'HTTP/1.1 502 Bad Gateway\r\n\r\n' : 'HTTP/1.1 407 No\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const bare = { MKS_PROXY_URL: `http://127.0.0.1:${port}` };
  const asked = await examine(await environment(bare));
  assert.match(only(asked.checks, 'connection').text, /MKS_PROXY_URL.*407/);
  const withLogin = { MKS_PROXY_URL: `http://desk:pass%25word@127.0.0.1:${port}` };
  const { output } = await visit(await environment(withLogin));
  assert.match(output, /✗ connection: the proxy does not connect us with MKS \(HTTP 502\)/);
  assert.ok(!output.includes('pass%'), output);
  assert.equal(connects[0], `127.0.0.1:${sandbox.port}`);
});

test('the login is refused, and each visit asks once', async () => {
  const variables = await environment();
  sandbox.faults.arm({ name: 'wrong-login', times: 1 });
  const { checks } = await examine(variables, '--signed');
  const { text, mends } = only(checks, 'token');
  assert.match(text, /MKK refuses the login \(0x00d30003\).*password/);
  assert.equal(mends, 'member');
  // The gateway pauses now; a person who has had it mended need not wait.
  const { ok } = await examine(variables);
  assert.ok(ok);
});

test('a token whose reason says that no address is registered', async () => {
  for (const [name, type] of [
    ['test', 'Senkron Online Entegrasyon Test'],
    ['production', 'Senkron Online Entegrasyon'],
  ] as const) {
    const variables = await environment({ MKS_ENVIRONMENT: name });
    sandbox.faults.arm({ name: 'unregistered-ip-reason' });
    const { ok, checks } = await examine(variables, '--signed');
    assert.ok(ok, 'MKS’s own successful answers bear a reason too');
    const { text, status } = find(checks, 'address');
    assert.equal(status, 'note');
    assert.ok(text.includes('TIB kullanıcısının kayıtlı ip adresi yok'), text);
    assert.ok(text.includes(`“${type}”`) && text.includes('TU14'), text);
    assert.equal(find(checks, 'token').status, 'ok');
    assert.equal(find(checks, 'signed').status, 'ok');
  }
});

/** Another key and certificate for the member than MKK has. */
async function otherIdentity(): Promise<string> {
  const folder = await temporaryFolder();
  await createSandboxFiles(folder, { members: [{ memberCode: 'TIB', userCode: 'TIB991' }] });
  const entry = (JSON.parse(readFileSync(sandbox.membersFile, 'utf8')) as { members: object[] })
    .members[0] as Record<string, string>;
  const password = join(dirname(sandbox.membersFile), entry['passwordFile'] ?? '');
  copyFileSync(password, join(folder, entry['passwordFile'] ?? ''));
  return join(folder, 'members.json');
}

test('--signed: each certificate that is not the right one, and each right that is missing', async () => {
  const stranger = await environment({ MKS_MEMBERS_FILE: await otherIdentity() });
  const refused = await examine(stranger, '--signed');
  assert.match(only(refused.checks, 'signed').text, /^OI012/);

  const unknown = await environment();
  sandbox.faults.arm({ name: 'code', service: 'async-report-status', code: 'OI010' });
  const { text, mends } = only((await examine(unknown, '--signed')).checks, 'signed');
  assert.match(text, /^OI010 .*no certificate of the member/);
  assert.equal(mends, 'mkk');

  const folder = await temporaryFolder();
  await createSandboxFiles(folder, { members: [], memberKeyBits: 2048 });
  const distrust = { MKS_TRUSTED_CERTIFICATES_FILE: join(folder, 'mkk.pem') };
  const untrusted = await examine(await environment(distrust), '--signed');
  const found = only(untrusted.checks, 'signed');
  assert.match(found.text, /does not verify.*MKS_TRUSTED_CERTIFICATES_FILE/);
  assert.equal(found.mends, 'operator');

  const powerless = await environment();
  sandbox.faults.arm({ name: 'code', service: 'async-report-status', code: 'RP048' });
  const missing = only((await examine(powerless, '--signed')).checks, 'signed');
  assert.match(missing.text, /both certificates hold.*RP048.*ASYNC_REPORT_STATUS_QUERY \(OE\)/);
  assert.equal(missing.mends, 'member');

  const revoked = await environment();
  sandbox.faults.arm({ name: 'unauthorized', service: 'async-report-status', times: -1 });
  const outside = only((await examine(revoked, '--signed')).checks, 'signed');
  assert.match(outside.text, /OI006|TU14/);

  const broken = await environment({ MKS_REQUEST_TIMEOUT_SECONDS: '2' });
  for (const name of ['html-500', 'reset-after', 'wrong-signer', 'alg-none'] as const) {
    sandbox.faults.clear();
    sandbox.faults.arm({ name, service: 'async-report-status' });
    only((await examine(broken, '--signed')).checks, 'signed');
  }
});

/** HH:MM in Istanbul, so many hours from now. */
function inHours(hours: number): string {
  return new Date(Date.now() + (3 + hours) * 3_600_000).toISOString().slice(11, 16);
}

test('closed: nothing is wrong, but nothing is proven either', async () => {
  const closed = `${inHours(2)}-${inHours(3)}`;
  const variables = await environment({ SERVICE_HOURS_GROUP_4: closed });
  const { ok, checks } = await examine(variables);
  assert.ok(ok, JSON.stringify(checks));
  const hours = checks.filter(({ check }) => check === 'service-hours');
  assert.deepEqual(
    hours.map(({ status }) => status),
    ['ok', 'note'],
  );
  assert.match(hours[1]?.text ?? '', new RegExp(`closed, opens at ${inHours(2)}`));
  const signed = await examine(variables, '--signed');
  assert.match(only(signed.checks, 'signed').text, /not proven: MKS is closed/);
});

test('the clock, by the Date of the server', async (t) => {
  let aheadMs = 0;
  const url = await serve(t, (_request, response) => {
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
    response.writeHead(404).end();
  });
  const variables = await environment({ MKS_BASE_URL: url });
  const look = async (ms: number): Promise<Check> => {
    aheadMs = ms;
    return find((await examine(variables)).checks, 'clock');
  };
  assert.equal((await look(0)).status, 'ok');
  assert.equal((await look(20_000)).status, 'warning');
  const far = await look(-120_000);
  assert.equal(far.status, 'failure');
  assert.match(far.text, /1(?:19|20|21) s ahead of/);
});

test('Redis: without AOF, with eviction, and away', async (t) => {
  const on = async (number: number, ...settings: string[]) =>
    startRedis(t, [...listeningOn(number), ...settings]);
  const careless = await freePort();
  const REDIS_URL = `redis://127.0.0.1:${careless}`;
  const away = await examine(await environment({ REDIS_URL }), '--signed');
  assert.match(only(away.checks, 'redis').text, /REDIS_URL/);
  assert.match(find(away.checks, 'token').text, /Redis/);

  await on(careless, '--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru');
  const { checks } = await examine(await environment({ REDIS_URL }));
  assert.match(only(checks, 'redis-persistence', 'redis-memory').text, /AOF is off/);

  const locked = await freePort();
  const server = await on(locked, '--appendfsync', 'everysec');
  const redis = createRedis(server.url, 'blocking');
  await redis.config('SET', 'requirepass', 'r3dis-pass');
  redis.disconnect();
  const closed = await environment({ REDIS_URL: `redis://127.0.0.1:${locked}` });
  assert.match(only((await examine(closed)).checks, 'redis').text, /password/);
  const url = `redis://:r3dis-pass@127.0.0.1:${locked}`;
  const opened = await visit(await environment({ REDIS_URL: url }));
  assert.match(opened.output, /! Redis on disk: .*everysec/);
  assert.match(opened.output, /All is well\. 1 warning\./);
  assert.equal(opened.code, 0, opened.output);
  assert.ok(!opened.output.includes('r3dis'), opened.output);
});

test('three mistakes at once, in both languages', async () => {
  const mistakes = { PORT: 'x', MKS_MEMBERS_FILE: '/nowhere', MKS_HOST_ADDRESS: 'mkk' };
  const variables = await environment(mistakes);
  const english = await visit(variables);
  assert.equal(english.code, 1);
  for (const name of Object.keys(mistakes)) {
    assert.match(english.output, new RegExp(`^✗ configuration: ${name}: .*→ whoever runs`, 'm'));
  }
  const turkish = await visit({ ...variables, LANG: 'tr_TR.UTF-8' });
  assert.equal(turkish.code, 1);
  assert.match(turkish.output, /^✗ yapılandırma: MKS_MEMBERS_FILE: \/nowhere okunamıyor/m);
  assert.match(turkish.output, /^✗ yapılandırma: MKS_HOST_ADDRESS: bir IP adresi olmalı → geçidi/m);
  assert.match(turkish.output, /3 sorun var/);
});

test('a secret that others may read, a password near its end, a certificate that is too weak', async () => {
  const folder = await temporaryFolder();
  const members = [{ memberCode: 'TIB', userCode: 'TIB991' }];
  await createSandboxFiles(folder, { members, memberKeyBits: 2048 });
  const membersFile = join(folder, 'members.json');
  const entry = (JSON.parse(readFileSync(membersFile, 'utf8')) as { members: Environment[] })
    .members[0];
  assert.ok(entry !== undefined);
  const changed = new Date(Date.now() - 360 * 86_400_000).toISOString().slice(0, 10);
  const text = JSON.stringify({ members: [{ ...entry, passwordChangedOn: changed }] });
  writeFileSync(membersFile, text);
  chmodSync(join(folder, entry['passwordFile'] ?? ''), 0o644);
  const { checks } = await examine(await environment({ MKS_MEMBERS_FILE: membersFile }));
  const wrong = checks.filter(({ status }) => status !== 'ok' && status !== 'note');
  const names = wrong.map(({ check }) => check);
  // The password is not the one that the sandbox knows.
  assert.deepEqual(names, ['secret-files', 'certificate', 'password', 'token']);
  assert.match(wrong[1]?.text ?? '', /2048 bits; MKK takes RSA 4096/);
  assert.match(wrong[2]?.text ?? '', /YT25/);
});

test('a member that is shut off is a failure, MKS is not asked for it, and the others are examined', async () => {
  const folder = await temporaryFolder();
  const members = ['TIB', 'AKY'].map((code) => ({ memberCode: code, userCode: `${code}991` }));
  await createSandboxFiles(folder, { members, memberKeyBits: 2048 });
  cpSync(join(dirname(sandbox.membersFile), 'TIB'), join(folder, 'TIB'), { recursive: true });
  writeFileSync(join(folder, 'AKY/signing.key'), 'no key');
  const variables = await environment({ MKS_MEMBERS_FILE: join(folder, 'members.json') });
  const { ok, checks } = await examine(variables, '--signed');
  assert.equal(ok, false);
  const ofAky = checks.filter(({ member }) => member === 'AKY');
  const wrong = ofAky.filter(({ status }) => status === 'failure');
  const [shutOff] = wrong;
  assert.equal(shutOff?.mends, 'operator');
  assert.match(shutOff?.text ?? '', /signing\.key is no private key.*; AKY is shut off until/);
  const token = ofAky.find(({ check }) => check === 'token');
  assert.deepEqual([token?.status, token?.text], ['note', 'not asked: the member cannot sign']);
  const ofTib = checks.filter(({ member }) => member === 'TIB');
  assert.ok(ofTib.every(({ status }) => status === 'ok'));
  assert.ok(ofTib.some(({ check }) => check === 'signed'));

  const { code, output } = await visit({ ...variables, LANG: 'tr_TR.UTF-8' });
  assert.equal(code, 1, output);
  assert.match(output, /^✗ [^\n]*AKY[^\n]*düzelene kadar AKY kapalı/m);
});

test('Turkish by LANG, unless LC_ALL says otherwise', async () => {
  const variables = await environment({ LANG: 'tr_TR.UTF-8' });
  const turkish = await visit(variables, '--signed');
  assert.equal(turkish.code, 0, turkish.output);
  assert.match(turkish.output, /^✓ imzalı soru TIB: iki sertifika da geçerli/m);
  assert.match(turkish.output, /Her şey yolunda\.\n$/);
  const english = await visit({ ...variables, LC_ALL: 'C.UTF-8' });
  assert.match(english.output, /All is well\.\n$/);
});

test('an option that does not exist', async () => {
  const { code, errors } = await visit({}, '--sign');
  assert.equal(code, 2);
  assert.match(errors, /Usage: mks-gateway doctor/);
});
