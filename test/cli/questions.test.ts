/** The commands that ask the gateway for something else than rows. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, startPair } from '../support/pair.ts';
import { serve } from '../support/serve.ts';

const EARLIER = '20260227';
const columns = (output: string): string[][] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

test('changes and check: data on standard output, breaks by the exit code', async (t) => {
  const { url, get } = await startPair(t);
  const run = (args: string[], input?: string) =>
    runCli(args, { env: { MKS_GATEWAY_URL: url }, ...(input !== undefined && { input }) });
  const missing = await run(['changes', EARLIER, DATE, '--member', 'TIB']);
  assert.equal(missing.code, 1);
  assert.match(missing.errors, new RegExp(`No report of ${EARLIER}, ${DATE} is ready`));
  for (const day of [EARLIER, DATE]) {
    assert.equal((await run(['balances', day, '--member', 'TIB', '--wait', '60'])).code, 0);
  }
  const changes = await run(['changes', EARLIER, DATE, '--member', 'TIB', '-f', 'csv']);
  assert.deepEqual([changes.code, changes.errors], [0, '']);
  const asGateway = await get(`/balances/changes?from=${EARLIER}&to=${DATE}&member=TIB&format=csv`);
  assert.equal(changes.output, await asGateway.text());

  // What MKS gives is a ledger as it stands: it agrees.
  const folder = await temporaryFolder();
  const ledger = join(folder, 'back office.csv');
  await run(['balances', DATE, '--member', 'TIB', '-o', ledger]);
  const check = ['check', ledger, '--date', DATE, '--member', 'TIB'];
  const good = await run(check);
  assert.deepEqual([good.code, good.errors], [0, '']);
  assert.equal((JSON.parse(good.output) as { ledger: string }).ledger, 'back-office');

  const lines =
    'HESAP;ALT_HESAP;ISIN;BAKIYE\n1;SERB;TRAGARAN91N1;1,5\n77777;"a\nb";TRAGARAN91N1;1,5\n';
  writeFileSync(ledger, lines);
  for (const format of ['json', 'ndjson', 'csv']) {
    const bad = await run([...check, '-f', format]);
    const piped = await run(
      ['check', '-', ...check.slice(2), '--name', 'back-office', '-f', format],
      lines,
    );
    for (const { code, output, errors } of [bad, piped]) {
      assert.equal(code, 3, errors);
      const [, told] = /^(\d+) breaks\n$/.exec(errors) ?? [];
      const found =
        format === 'json'
          ? (JSON.parse(output) as { breaks: object[] }).breaks.length
          : (output.match(/only-in-ledger|only-at-mks|different/g) ?? []).length;
      assert.equal(Number(told), found, format);
    }
  }
  const json = await run([...check, '-f', 'json']);
  const workbook = await run([...check, '-f', 'xlsx']);
  assert.deepEqual(
    [workbook.code, workbook.errors],
    [3, json.errors],
    'of a workbook the gateway tells the counts',
  );
  const unreadable = await run(check.toSpliced(1, 1, join(folder, 'none.csv')));
  assert.equal(unreadable.code, 1);
  assert.match(unreadable.errors, /none\.csv cannot be read \(ENOENT\)/);
  const shown = await run([...check, '--dry-run', '1']);
  assert.equal(shown.code, 0, 'nothing is compared');
  assert.equal((JSON.parse(shown.output) as { lines: object[] }).lines.length, 1);
  const stranger = await run([...check, '--profile', 'no-such-profile']);
  assert.equal(stranger.code, 1);
  assert.match(stranger.errors, /^ {2}profile: /m);
  const wrong = await run(['check', '-', '--date', DATE, '--member', 'TIB'], 'HESAP;ISIN\n1;2\n');
  assert.equal(wrong.code, 1);
});

test('lists are tables for people and the document of the gateway with --json', async (t) => {
  const { url, get, ask } = await startPair(t);
  await ask({ member: 'TIB', processDate: DATE });
  const run = (...args: string[]) => runCli(args, { env: { MKS_GATEWAY_URL: url } });
  for (const [args, path, first] of [
    [['members'], '/members', 'MEMBER'],
    [['hours'], '/service-hours', 'GROUP'],
    [['reports', '--member', 'TIB'], '/balances?member=TIB', 'ID'],
  ] as const) {
    const { code, output } = await run(...args);
    assert.equal(code, 0);
    const document = (await (await get(path)).json()) as { items: object[] };
    const [titles, ...rows] = columns(output);
    assert.equal(titles?.[0], first);
    assert.equal(rows.length, document.items.length, output);
    const json = JSON.parse((await run(...args, '--json')).output) as { items: object[] };
    assert.equal(json.items.length, document.items.length);
  }
  const page = await run('trail', 'list', '--limit', '1');
  assert.equal(columns(page.output).length, 2);
  const [, cursor = ''] = /^There are more: --cursor (\S+)\n$/.exec(page.errors) ?? [];
  const next = await run('trail', 'list', '--limit', '1', '--cursor', cursor, '--json');
  assert.equal(
    (JSON.parse(next.output) as { items: { action: string }[] }).items[0]?.action,
    'balances.asked',
  );
});

test('a report in words, and taken back while it is queued', async (t) => {
  const { url } = await startPair(t, { prepareSeconds: 600 });
  const run = (...args: string[]) => runCli(args, { env: { MKS_GATEWAY_URL: url } });
  const ask = async (day: string): Promise<string> => {
    const { output } = await run('balances', day, '--member', 'TIB', '--no-wait');
    return (JSON.parse(output) as { id: string }).id;
  };
  const [first, second] = [await ask(DATE), await ask(EARLIER)];
  const queued = await run('report', second);
  assert.match(
    queued.output,
    /^State +TIB 20260227: queued, position 1, other reports of the member/m,
  );
  const taken = await run('cancel', second);
  assert.deepEqual([taken.code, taken.output, taken.errors], [0, '', 'Taken back.\n']);
  const gone = await run('report', second, '-f', 'csv');
  assert.deepEqual([gone.code, gone.errors], [1, `TIB 20260227: cancelled (${second})\n`]);
  void first;
});

test('a gateway without standing orders is told plainly', async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end('{"type":"/problems/not-found","title":"There is nothing here","status":404}');
  });
  for (const name of [[], ['nightly']]) {
    const { code, errors } = await runCli(['orders', ...name], { env: { MKS_GATEWAY_URL: url } });
    assert.equal(code, 1);
    assert.match(errors, /^This gateway has no standing orders/);
  }
});

test('standing orders, as the contract tells them', async (t) => {
  const order = { name: 'nightly', member: 'TIB', nextRunAt: '2026-05-07T01:05:00.000+03:00' };
  const dates = [
    { processDate: '20260505', state: 'ready' },
    { processDate: '20260504', state: 'missing' },
  ];
  const url = await serve(t, ({ url: path }, response) => {
    const one = { ...order, dates };
    response.end(JSON.stringify(path === '/standing-orders' ? { items: [one] } : one));
  });
  for (const name of [[], ['nightly']]) {
    const { code, output } = await runCli(['orders', ...name], { env: { MKS_GATEWAY_URL: url } });
    assert.equal(code, 0);
    assert.match(output, /^nightly +TIB +2026-05-07 01:05 +20260505 ready, 20260504 missing$/m);
  }
});
