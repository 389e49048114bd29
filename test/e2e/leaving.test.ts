/** A caller who leaves while his answer is being made is nobody's mistake: no error in the log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { systemClock } from '../../src/lib/clock.ts';
import { startTestGateway } from '../support/gateway.ts';
import { client, DATE, environmentOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { until } from '../support/until.ts';

interface Line {
  level: number;
  msg: string;
  path?: string;
}
const WARN = 40;

test('who leaves before the first byte of a check is told as broken off alone', async (t) => {
  const lines: Line[] = [];
  const write = (text: string): void => void lines.push(JSON.parse(text) as Line);
  const sandbox = await startTestSandbox(t);
  const log = pino({ level: 'info' }, { write });
  const { url } = await startTestGateway(t, environmentOf(sandbox), systemClock, log);
  const { rows } = await rowsOf(await client(url).ask({ processDate: DATE }));
  const columns = ['mbrAccNo', 'subAccCode', 'isin', 'balanceAmount'];
  const ledger = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  const path = '/balances/check';
  const body = ledger.map((cells) => `${cells.join()}\n`).join('');
  const query = `processDate=${DATE}&ledger=books`;
  const headers = { 'content-type': 'text/csv' };
  // One of them leaves while the thread that compares is at work.
  for (const [n, ms] of [50, 100, 200, 400].entries()) {
    const signal = AbortSignal.timeout(ms);
    const check = fetch(`${url}${path}?${query}`, { method: 'POST', headers, body, signal });
    const outcome = await check.then((response) => response.text()).catch(() => 'left');
    if (outcome !== 'left') break;
    const left = () => lines.filter((line) => line.msg === 'broken off' && line.path === path);
    await until(() => left().length > n);
    await sleep(100);
  }
  const told = lines.filter(({ level }) => level >= WARN);
  assert.deepEqual(told, []);
});
