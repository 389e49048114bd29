/** The endpoints under /_sandbox/, the log without secrets, TLS, and the process itself. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { createSandboxFiles, startSandbox } from '../../sandbox/index.ts';
import {
  balanceFields,
  fetchArchive,
  login,
  looseRows,
  MONDAY,
  PATHS,
  postLogin,
  send,
  start,
  ZIP_PASSWORD,
  type Json,
} from './support.ts';
import { unzipText } from './unzip.ts';

test('the sandbox is steered over HTTP', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  const steer = async (method: string, name: string, body?: unknown): Promise<Json> => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const reply = await send(`${sandbox.url}/_sandbox/${name}`, { method }, text);
    return { status: reply.status, body: JSON.parse(reply.body.toString()) as unknown };
  };
  assert.deepEqual(await steer('GET', 'health'), { status: 200, body: { status: 'up' } });
  await steer('POST', 'clock', { now: '2025-05-06T23:30:00+03:00' });
  await steer('POST', 'hours', { enforced: true });
  const closed = await (await login(sandbox)).call(PATHS.balances, balanceFields());
  assert.equal(closed.code, 'OI003');
  await steer('DELETE', 'clock');
  await steer('POST', 'hours', { enforced: false });
  await steer('POST', 'shape', { rows: 5 });
  assert.equal(sandbox.shape.current().rows, 5);
  await steer('POST', 'faults', { name: 'html-500', service: 'balance-report' });
  assert.equal((await client.post(PATHS.balances, balanceFields())).status, 500);
  await steer('POST', 'faults', { name: 'html-500', times: -1 });
  assert.deepEqual((await steer('DELETE', 'faults'))['body'], []);
  assert.equal((await client.call(PATHS.balances, balanceFields())).code, '0000');
  const stats = (await steer('GET', 'stats'))['body'] as { members: Record<string, Json> };
  assert.deepEqual(
    [stats.members['TIB']?.['logins'], stats.members['TIB']?.['reportsAccepted']],
    [2, 1],
  );
  assert.equal((await steer('POST', 'shape', { rows: 'many' }))['status'], 400);
  assert.equal((await steer('POST', 'clock', { now: 'noon' }))['status'], 400);
  assert.equal((await steer('POST', 'faults'))['status'], 400);
  assert.equal((await steer('GET', 'nothing'))['status'], 404);
});

test('what passes by itself can be made to last for a while, and to end', async (t) => {
  const sandbox = await start(t);
  const steer = async (method: string, name: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? '' : JSON.stringify(body);
    // node:http leaves the length of a DELETE's body unsaid.
    const headers = { 'Content-Length': String(text.length) };
    const reply = await send(`${sandbox.url}/_sandbox/${name}`, { method, headers }, text);
    return reply.status === 200 ? (JSON.parse(reply.body.toString()) as unknown) : reply.status;
  };
  const client = await login(sandbox);
  const status = async (): Promise<unknown> => {
    return (await client.post(PATHS.status, { refId: 'x' })).status;
  };
  await steer('POST', 'faults', { name: 'code', code: 'OI003', httpStatus: 503, seconds: 30 });
  assert.deepEqual([await status(), await status(), await status()], [503, 503, 503]);
  sandbox.clock.advance(29);
  assert.equal(await status(), 503);
  sandbox.clock.advance(1);
  assert.deepEqual([await status(), await steer('GET', 'faults')], [422, []]);

  await steer('POST', 'faults', { name: 'wrong-login', times: -1 });
  await steer('POST', 'faults', { name: 'html-500', times: -1, service: 'async-report-status' });
  assert.deepEqual([(await postLogin(sandbox, 'TIB')).status, await status()], [401, 500]);
  const left = (await steer('DELETE', 'faults', { name: 'wrong-login' })) as Json[];
  assert.deepEqual(
    left.map(({ name }) => name),
    ['html-500'],
  );
  assert.deepEqual([(await postLogin(sandbox, 'TIB')).status, await status()], [200, 500]);
  await steer('DELETE', 'faults');

  await steer('DELETE', 'tokens');
  assert.equal(await status(), 401);
  const fresh = await login(sandbox);
  assert.equal((await fresh.call(PATHS.status, { refId: 'x' })).code, 'RP018');

  sandbox.clock.set('2025-05-06T08:00:00+03:00');
  const hours = await steer('POST', 'hours', { opensAt: '08:30' });
  assert.deepEqual(hours, { enforced: false, opensAt: '08:30' });
  const early = await login(sandbox);
  assert.equal((await early.call(PATHS.status, { refId: 'x' })).code, 'OI003');
  sandbox.clock.advance(30 * 60);
  assert.equal((await early.call(PATHS.status, { refId: 'x' })).code, 'RP018');
  const senseless = [{}, { opensAt: '24:00' }, { opensAt: 8 }, { enforced: 'yes' }];
  for (const body of senseless) assert.equal(await steer('POST', 'hours', body), 400);
  assert.equal(await steer('POST', 'faults', { name: 'html-500', seconds: 0 }), 400);
  assert.equal(await steer('DELETE', 'faults', { name: 'none' }), 400);
});

test('the log tells what was received, and no secret', async (t) => {
  const sandbox = await start(t);
  const client = await login(sandbox);
  await client.call(PATHS.balances, balanceFields(), 'LOGGED');
  const entry = sandbox.log.at(-1);
  assert.equal(entry?.path, PATHS.balances);
  assert.deepEqual([entry?.member, entry?.reference, entry?.code], ['TIB', 'LOGGED', '0000']);
  assert.deepEqual([entry?.httpStatus, entry?.jwsHeader], [200, { alg: 'RS256' }]);
  assert.equal(entry?.payload?.['processDate'], MONDAY);
  assert.match(entry?.bodySha256 ?? '', /^[0-9a-f]{64}$/);
  const { body } = await send(`${sandbox.url}/_sandbox/log`, { method: 'GET' });
  const text = body.toString();
  for (const secret of [ZIP_PASSWORD, sandbox.members.get('TIB')?.password ?? '', client.token]) {
    assert.ok(secret.length > 5 && !text.includes(secret));
  }
});

test('TLS holds with its own authority, and with that alone', async (t) => {
  const sandbox = await start(t, { tls: true, tlsNames: ['sandbox.test'] });
  assert.match(sandbox.url, /^https:/);
  const client = await login(sandbox);
  const { body } = await fetchArchive(client);
  const rows = JSON.parse(await unzipText(body, ZIP_PASSWORD)) as unknown;
  assert.deepEqual(rows, looseRows(sandbox.expectedRows({ member: 'TIB', processDate: MONDAY })));
  await assert.rejects(send(`${sandbox.url}/_sandbox/health`, { method: 'GET' }), {
    code: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/,
  });
});

test('plain http beyond loopback and other nonsense is refused', async () => {
  await assert.rejects(startSandbox({ host: '0.0.0.0' }), /needs TLS/);
  await assert.rejects(
    startSandbox({ members: [{ memberCode: 'x', userCode: 'Y1' }] }),
    /member code/,
  );
  await assert.rejects(startSandbox({ prepareSeconds: -1 }), /prepareSeconds/);
});

test('the process uses the files that are there and says how to reach it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'mks-test-sandbox-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const members = [{ memberCode: 'ABC', userCode: 'ABC991' }];
  await createSandboxFiles(directory, { members, memberKeyBits: 2048, tlsNames: ['127.0.0.1'] });
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  assert.equal((await stat(join(directory, 'ABC/signing.key'))).mode & 0o777, 0o600);
  const keyBefore = await readFile(join(directory, 'ABC/signing.key'), 'utf8');

  const child = spawn(process.execPath, ['sandbox/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SANDBOX_PORT: '0',
      SANDBOX_DATA_DIR: directory,
      SANDBOX_MEMBERS: 'ABC:ABC991',
      SANDBOX_TLS: 'true',
      SANDBOX_SHAPE_CSV_DELIMITER: 'tab',
    },
  });
  t.after(() => child.kill('SIGKILL'));
  const environment: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^(MKS_[A-Z_]+)=(.+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) environment[name] = value;
    if (line.startsWith('Steer')) break;
  }
  assert.deepEqual(Object.keys(environment), [
    'MKS_BASE_URL',
    'MKS_CA_FILE',
    'MKS_MEMBERS_FILE',
    'MKS_TRUSTED_CERTIFICATES_FILE',
  ]);
  const ca = await readFile(environment['MKS_CA_FILE'] ?? '', 'utf8');
  const url = `${environment['MKS_BASE_URL']}/_sandbox/shape`;
  const { body } = await send(url, { method: 'GET', ca });
  assert.equal((JSON.parse(body.toString()) as Json)['csvDelimiter'], 'tab');
  assert.equal(await readFile(join(directory, 'ABC/signing.key'), 'utf8'), keyBefore);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('the process names the variable that makes no sense', async () => {
  const [code, text] = await runOnce({ SANDBOX_SHAPE_COLOUR: 'red' });
  assert.equal(code, 1);
  assert.match(text, /^SANDBOX_SHAPE_COLOUR .*\n$/);
  assert.match((await runOnce({ SANDBOX_PORT: 'many' }))[1], /^SANDBOX_PORT /);
});

async function runOnce(env: Record<string, string>): Promise<[code: unknown, errors: string]> {
  const child = spawn(process.execPath, ['sandbox/main.ts'], { env });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = await once(child, 'close');
  return [code, errors];
}
