/** Batches of rows: a turn of the event loop each, however many read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowBatches } from '../../../src/rows/formats/row-batches.ts';
import { countTurns } from '../../support/turns.ts';

const ROWS = 2_000;

test('two batches never share a turn of the event loop, whoever reads them', async (t) => {
  const piece = Buffer.from('{"mbrAccNo":"1","balanceAmount":"2.50"}\n'.repeat(ROWS));
  const turns = countTurns(t);
  const readings = Array.from({ length: 8 }, async () => {
    const at: number[] = [];
    let rows = 0;
    for await (const batch of rowBatches([piece])) {
      rows += batch.length;
      at.push(turns());
    }
    assert.equal(rows, ROWS);
    return at;
  });
  const seen = (await Promise.all(readings)).flat();
  assert.equal(seen.length, 8 * 5, 'of 400 rows each');
  assert.equal(new Set(seen).size, seen.length, 'each in a turn of its own');
});
