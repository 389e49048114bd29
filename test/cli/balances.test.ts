/** `balances` and its kin against a real gateway and the sandbox. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { RequestListener } from 'node:http';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { ROW_FORMATS } from '../../cli/gateway/formats.ts';
import { formats } from '../../src/rows/formats/index.ts';
import { runCli, startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, startPair } from '../support/pair.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

const ROWS = 50;

async function pair(t: TestContext, sandbox = {}) {
  const { url, ...rest } = await startPair(t, sandbox);
  const env = { MKS_GATEWAY_URL: url };
  return { ...rest, url, env, run: (...args: string[]) => runCli(args, { env }) };
}

test('the formats are those of the gateway', () => {
  assert.deepEqual(Object.keys(ROW_FORMATS).toSorted(), formats.map(({ name }) => name).toSorted());
});

test('standard output has the rows and nothing else, in every format, as the gateway gives them', async (t) => {
  const { run, get } = await pair(t);
  const asked = await run('balances', DATE, '--member', 'TIB', '--no-wait');
  assert.equal(asked.code, 0, asked.errors);
  const { id } = JSON.parse(asked.output) as { id: string };
  for (const format of Object.keys(ROW_FORMATS)) {
    const { code, bytes, errors } = await run('balances', DATE, '--member', 'TIB', '-f', format);
    assert.deepEqual([code, errors], [0, ''], format);
    const rows = await get(`/balances/${id}/rows?format=${format}`);
    assert.ok(bytes.equals(Buffer.from(await rows.arrayBuffer())), format);
    const again = await run('report', id, '-f', format);
    assert.ok(again.bytes.equals(bytes), `${format} by its id`);
  }
});

test('a report is waited for, a filter narrows it, and digits stay as MKS wrote them', async (t) => {
  const { run } = await pair(t, { prepareSeconds: 1 });
  const whole = await run('balances', DATE, '--member', 'TIB', '-f', 'ndjson');
  const rows = whole.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { isin: string; balanceAmount: string });
  assert.equal(rows.length, ROWS);
  assert.ok(rows.some(({ balanceAmount }) => balanceAmount === '12345678901234567.123'));
  const isin = rows[0]?.isin ?? '';
  const one = await run('balances', DATE, '--member', 'TIB', '--isin', isin, '-f', 'ndjson');
  const narrowed = one.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { isin: string });
  assert.ok(narrowed.length > 0 && narrowed.length < ROWS);
  assert.ok(narrowed.every((row) => row.isin === isin));
});

test('a file is there whole or not at all; its name tells the format', async (t) => {
  const { run } = await pair(t);
  const folder = await temporaryFolder();
  const file = join(folder, 'b.csv');
  writeFileSync(file, 'old');
  chmodSync(file, 0o640);
  const link = join(folder, 'link.csv');
  symlinkSync(file, link);
  assert.deepEqual(
    await run('balances', DATE, '--member', 'TIB', '-o', link).then(({ code, output, errors }) => [
      code,
      output,
      errors,
    ]),
    [0, '', ''],
  );
  assert.match(readFileSync(file, 'utf8'), /^BAKIYE_TARIHI,/);
  assert.equal(
    statSync(file).mode & 0o777,
    0o640,
    'the mode of the file that it takes the place of',
  );
  const refused = await run(
    'balances',
    '20990101',
    '--member',
    'TIB',
    '-o',
    join(folder, 'none.csv'),
  );
  assert.equal(refused.code, 1);
  assert.deepEqual(readdirSync(folder).toSorted(), ['b.csv', 'link.csv']);
  const lost = await run('balances', DATE, '--member', 'TIB', '-o', join(folder, 'no/where.csv'));
  assert.equal(lost.code, 1);
  assert.match(lost.errors, /no\/where\.csv cannot be written \(ENOENT\)/);
  // Not /dev/null: a mistake here would take it from the whole machine.
  const pipe = await pipeIn(folder);
  const [through, received] = await Promise.all([
    run('balances', DATE, '--member', 'TIB', '-f', 'csv', '-o', pipe),
    readFile(pipe, 'utf8'),
  ]);
  assert.equal(through.code, 0);
  assert.match(received, /^BAKIYE_TARIHI,/);
  assert.ok(statSync(pipe).isFIFO(), 'what is no file stays what it is');
});

test('Ctrl-C ends it with 130, leaves no file and says that the report goes on', async (t) => {
  const { env, get } = await pair(t, { prepareSeconds: 600 });
  const folder = await temporaryFolder();
  const args = ['balances', DATE, '--member', 'TIB', '-o', join(folder, 'b.csv')];
  const { child, ended } = startCli(args, { env });
  const items = async () =>
    ((await (await get('/balances')).json()) as { items: { id: string; state: string }[] }).items;
  await until(async () => (await items())[0]?.state === 'preparing');
  await until(() => readdirSync(folder).length === 1);
  // npm hands on what the terminal has sent already.
  child.kill('SIGINT');
  child.kill('SIGINT');
  const { code, errors } = await ended;
  assert.equal(code, 130);
  assert.deepEqual(readdirSync(folder), []);
  const [report] = await items();
  assert.equal(report?.state, 'preparing');
  assert.ok(errors.includes(`the report is still there: report ${report?.id}`), errors);
});

test('a wait that is over says how the report stands, and exit code 4', async (t) => {
  const { run } = await pair(t, { prepareSeconds: 600 });
  const { code, output, errors } = await run('balances', DATE, '--member', 'TIB', '--wait', '1');
  assert.deepEqual([code, output], [4, '']);
  assert.match(
    errors,
    /^TIB 20260302: (?:preparing|queued)[^\n]*\nThe wait is over; the report goes on: report [\da-f-]{36}\n$/,
  );
});

test('a report that fails is told with what MKS said of it and the page that helps', async (t) => {
  const { run, sandbox, url } = await pair(t);
  sandbox.faults.arm({
    name: 'code',
    code: 'RP048',
    service: 'balance-report',
    times: 1,
  });
  const { code, output, errors } = await run('balances', DATE, '--member', 'TIB');
  assert.deepEqual([code, output], [1, ''], errors);
  assert.match(errors, /^TIB 20260302: failed \([\da-f-]{36}\)\n/);
  assert.match(errors, /RP048/);
  assert.ok(errors.includes(`${url}/problems/mks-rejected`), errors);
  assert.match(errors, /senderReference: GW/);

  const json = await runCli(['balances', DATE, '--member', 'NOBODY', '--json'], {
    env: { MKS_GATEWAY_URL: url, LANG: 'tr_TR.UTF-8' },
  });
  const told = JSON.parse(json.errors) as {
    exitCode: number;
    message: string;
    problem: { type: string };
  };
  assert.equal(json.errors.trim().split('\n').length, 1);
  assert.deepEqual([json.code, told.exitCode], [1, 1]);
  assert.match(told.problem.type, /^\/problems\//);
});

/** For what a real gateway does only when it is torn down. */
async function stub(
  t: TestContext,
  listener: RequestListener,
): Promise<{ env: Record<string, string> }> {
  return { env: { MKS_GATEWAY_URL: await serve(t, listener) } };
}

const ID = '11111111-2222-3333-4444-555555555555';

test('a download that breaks off is asked for again, but only while nothing of it has gone out', async (t) => {
  let breaks = 0;
  const requests: string[] = [];
  const { env } = await stub(t, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.setHeader('location', `/balances/${ID}`);
    if (breaks > 0) {
      breaks -= 1;
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write('BAKIYE_TARIHI,UYE\n2026');
      setTimeout(() => response.destroy(), 100);
      return;
    }
    response.end('BAKIYE_TARIHI,UYE\n20260302,TIB\n');
  });
  const folder = await temporaryFolder();
  const file = join(folder, 'b.csv');

  breaks = 2;
  const mended = await runCli(['balances', DATE, '-o', file], { env });
  assert.equal(mended.code, 0, mended.errors);
  assert.equal(readFileSync(file, 'utf8'), 'BAKIYE_TARIHI,UYE\n20260302,TIB\n');
  const rows = `GET /balances/${ID}/rows?format=csv`;
  assert.deepEqual(requests, ['POST /balances', rows, rows]);

  requests.length = 0;
  breaks = 1;
  const piped = await runCli(['balances', DATE, '-f', 'csv'], { env });
  assert.equal(piped.code, 4);
  assert.match(piped.errors, /^The answer broke off/);
  assert.deepEqual(requests, ['POST /balances']);

  breaks = 100;
  const broken = await runCli(['balances', DATE, '-o', join(folder, 'c.csv')], { env });
  assert.equal(broken.code, 4);
  assert.ok(!existsSync(join(folder, 'c.csv')));
  assert.deepEqual(readdirSync(folder), ['b.csv']);
});

test('a check that breaks off is not made again: each is kept', async (t) => {
  let checks = 0;
  const { env } = await stub(t, (request, response) => {
    checks += 1;
    request.resume().on('end', () => {
      response.write('{"breaks":[');
      setTimeout(() => response.destroy(), 50);
    });
  });
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'ledger.csv'), 'HESAP;ISIN;BAKIYE\n');
  const args = ['check', 'ledger.csv', '--date', DATE, '-o', 'breaks.json'];
  const { code } = await runCli(args, { env, cwd: folder });
  assert.deepEqual([code, checks], [4, 1]);
  assert.deepEqual(readdirSync(folder), ['ledger.csv']);
});

test('SIGTERM leaves no file either, and what looks at no signal ends all the same', async (t) => {
  const { env } = await stub(t, () => undefined);
  const folder = await temporaryFolder();
  const { child, ended } = startCli(['balances', DATE, '-o', 'b.csv'], { env, cwd: folder });
  await until(() => readdirSync(folder).length === 1);
  child.kill('SIGTERM');
  assert.equal((await ended).code, 143);
  assert.deepEqual(readdirSync(folder), []);
  const verify = startCli(['trail', 'verify', folder, '--checkpoints', await pipeIn(folder)], {
    env,
  });
  setTimeout(() => verify.child.kill('SIGINT'), 1_000);
  await verify.ended;
  assert.equal(verify.child.signalCode, 'SIGINT');
});

/** Who reads it waits for somebody who writes. */
async function pipeIn(folder: string): Promise<string> {
  const file = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [file]);
  return file;
}

test('a gateway that is away for a while is waited for, once the report is accepted', async (t) => {
  let reads = 0;
  const { env } = await stub(t, (request, response) => {
    if (request.method === 'POST') {
      response.writeHead(202, { location: `/balances/${ID}` }).end('{}');
    } else if (request.url?.includes('/rows')) response.end('a\n');
    else if ((reads += 1) === 1) response.destroy();
    else if (reads === 2) {
      response.writeHead(503, { 'retry-after': '1', 'content-type': 'application/problem+json' });
      response.end('{"type":"/problems/state-unavailable","title":"x","status":503}');
    } else
      response.end(
        JSON.stringify({ id: ID, member: 'TIB', processDate: DATE, filters: {}, state: 'ready' }),
      );
  });
  const { code, output, errors } = await runCli(['balances', DATE, '-f', 'csv'], { env });
  assert.deepEqual([code, output, errors], [0, 'a\n', '']);
  assert.equal(reads, 3);
});

test('whoever reads only the beginning is not told of a broken pipe', async (t) => {
  const { env } = await pair(t, { shape: { rows: 20_000 } });
  const { child, ended } = startCli(['balances', DATE, '--member', 'TIB', '-f', 'csv'], { env });
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, errors } = await ended.catch(async () => {
    const [exit] =
      child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [child.exitCode];
    return { code: exit, errors: '' };
  });
  assert.deepEqual([code, errors], [0, '']);
});

test('no gateway, another server, a key that is missing: each said, with its exit code', async (t) => {
  const nobody = await runCli(['members'], { env: { MKS_GATEWAY_URL: 'http://127.0.0.1:9' } });
  assert.equal(nobody.code, 4);
  assert.match(nobody.errors, /^The gateway at http:\/\/127\.0\.0\.1:9 cannot be reached/);
  const odd = await runCli(['members'], { env: { MKS_GATEWAY_URL: 'ftp://x' } });
  assert.deepEqual(
    [odd.code, odd.errors.split('\n')[0]],
    [2, 'MKS_GATEWAY_URL is no http or https address'],
  );
  const { env } = await stub(t, (_, response) => void response.writeHead(404).end('<html>'));
  const other = await runCli(['members'], { env });
  assert.equal(other.code, 1);
  assert.match(other.errors, /members answered 404, and not as a gateway does/);
});
