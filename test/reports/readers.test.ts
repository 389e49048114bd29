/** Who reads alike what is small is given what was encoded before, while the report is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReaders } from '../../src/reports/readers.ts';
import { findFormat } from '../../src/rows/formats/index.ts';
import { createMemoryDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const START_MS = Date.UTC(2025, 4, 6);

test('what was encoded goes with its report', async () => {
  const desk = createMemoryDesk();
  const clock = { now: () => START_MS, elapsedMs: () => performance.now() };
  const readers = createReaders(desk, clock);
  const format = findFormat('csv');
  assert.ok(format !== undefined);
  const readingOf = (id: string, leftMs: number) => {
    const report = desk.put({ id, state: 'ready', rowCount: 2, expiresAt: START_MS + leftMs });
    const { signal } = new AbortController();
    return { report, format, client: 'risk', signal, letGo: () => undefined };
  };
  const [short, long, over] = [readingOf('a', 100), readingOf('b', 60_000), readingOf('c', 0)];
  for (const reading of [short, long, over]) {
    const body = await readers.rows(reading);
    assert.ok(Buffer.isBuffer(body) && body.includes('BAKIYE_TARIHI,'));
  }
  assert.ok(readers.found(short) !== undefined);
  assert.equal(readers.found(over), undefined);
  await until(() => readers.found(short) === undefined);
  await sleep(1);
  assert.ok(readers.found(long) !== undefined);
});
