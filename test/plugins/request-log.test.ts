/** What the log tells of a request, and at which level: the operator reads it at night. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MksError } from '../../src/mks/errors.ts';
import { NOW, startEdge, type Edge } from '../support/edge.ts';
import { until } from '../support/until.ts';

interface Line {
  level: number;
  msg: string;
  path?: string;
  [name: string]: unknown;
}
const [INFO, WARN, ERROR] = [30, 40, 50];
const READY_ROWS = '/balances/ready/rows';

function linesOf({ logLines }: Edge): Line[] {
  return logLines
    .flatMap((text) => text.split('\n').filter(Boolean))
    .map((text) => JSON.parse(text) as Line);
}

function answered(edge: Edge, path: string): Line | undefined {
  return linesOf(edge).findLast((line) => line.msg === 'answered' && line.path === path);
}

test('an answer names its report, its problem and where it went', async (t) => {
  const edge = await startEdge(t);
  const asked = await edge.post(
    '/balances',
    { processDate: '20250505', member: 'TIB' },
    {
      prefer: 'respond-async',
    },
  );
  const { id } = (await asked.json()) as { id: string };
  assert.equal(answered(edge, '/balances')?.['report'], id);
  assert.equal(answered(edge, '/balances')?.['address'], '127.0.0.1');
  await edge.get(`/balances/${id}`);
  assert.equal(answered(edge, `/balances/${id}`)?.['report'], id);
  await edge.get('/nothing');
  const missing = answered(edge, '/nothing');
  assert.equal(missing?.['problem'], 'not-found');
  assert.equal(missing?.['report'], undefined);
});

test('an answer that breaks off has its line, with what was being read', async (t) => {
  const edge = await startEdge(t);
  edge.desk.put({ id: 'ready', state: 'ready', rowCount: 1_000_000, files: ['rapor.csv'] });
  edge.desk.rows.bytes = edge.desk.rows.lines = async function* () {
    for (;;) {
      yield Buffer.from(`{"isin":"${'x'.repeat(100_000)}"}\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const response = await edge.get('/balances/ready/rows', { 'accept-encoding': 'identity' });
  await response.body?.cancel();
  const broken = () => linesOf(edge).find(({ msg }) => msg === 'broken off');
  await until(() => broken() !== undefined);
  const line = broken();
  assert.equal(line?.level, INFO, 'it was the caller who left');
  assert.deepEqual([line?.path, line?.['report'], line?.['status']], [READY_ROWS, 'ready', 200]);
  assert.equal(answered(edge, READY_ROWS), undefined);
});

test('probes and scrapes that go well do not stand at info, those that fail do', async (t) => {
  let isOk = true;
  const edge = await startEdge(t, {
    health: async () => ({ redis: { ok: isOk, checkedAt: NOW } }),
  });
  for (const path of ['/health/live', '/health/ready', '/metrics']) await edge.get(path);
  assert.deepEqual(
    linesOf(edge).filter((line) => line.level >= INFO && line.path !== undefined),
    [],
  );
  isOk = false;
  await edge.get('/health/ready');
  assert.equal(answered(edge, '/health/ready')?.['status'], 503);
});

for (const [code, level] of [
  ['outside-service-hours', INFO],
  ['mks-login-refused', INFO],
  ['mks-unreachable', WARN],
  ['mks-unknown-outcome', WARN],
  ['mks-untrusted-response', ERROR],
] as const) {
  test(`${code} stands at its level, with a stack only where somebody has to look`, async (t) => {
    const edge = await startEdge(t, {
      passThrough: {
        call: async () => {
          throw new MksError(code, 'told so', { outcome: 'not-sent', mksCode: '0x00d30003' });
        },
      },
    });
    await edge.post('/mks/v1/reports/async-report-status?member=TIB', {
      refId: 'e7M7RhX2xUzR3uAjsb2s',
    });
    const line = linesOf(edge).find(({ msg }) => msg === code);
    assert.equal(line?.level, level);
    assert.equal(JSON.stringify(line).includes('"stack"'), level === ERROR);
    if (level !== ERROR) assert.equal(line?.['mksCode'], '0x00d30003');
  });
}
