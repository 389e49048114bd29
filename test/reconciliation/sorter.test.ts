/** Lines sorted in runs and merged, beside JavaScript's own sort of the same texts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { mergeRuns } from '../../src/reconciliation/runs.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
} from '../../src/reconciliation/scratch.ts';
import { createSorter } from '../../src/reconciliation/sorter.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = await temporaryFolder();

/** @param lines `latin1`. */
function sorted(lines: readonly string[]): { lines: string[]; runs: number } {
  const scratch = openScratch(folder);
  try {
    const sorter = createSorter(createScratchWriter(scratch));
    for (const line of lines) sorter.putText(line).endLine();
    const runs = sorter.finish();
    const read: string[] = [];
    for (const merged = mergeRuns(scratch, runs); merged.next();) {
      read.push(merged.bytes.toString('latin1', merged.start, merged.end));
    }
    return { lines: read, runs: runs.length };
  } finally {
    closeScratch(scratch);
  }
}

/** A byte a character, none of them a line feed or below it; they begin alike, as positions do. */
const line = fc
  .array(fc.constantFrom('\u001f', ' ', '0', '1', 'A', '\u00c4', '\u00ff'), { maxLength: 6 })
  .map((parts) => `TR${parts.join('')}`);

test('a few lines, the same ones several times, none at all', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      assert.deepEqual(sorted(lines).lines, lines.toSorted());
    }),
  );
});

test('more lines than are sorted at once, short ones and long ones, are one whole', (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
  t.diagnostic(`SEED=${seed}`);
  const short = fc.sample(line, { numRuns: 120_000, seed });
  const long = short.slice(0, 40).map((start, at) => start + 'x'.repeat(at * 5_000) + start);
  const lines = [...short.slice(0, 60_000), ...long, ...short.slice(60_000)].map(
    (text, at) => `${text}\u001f${at % 977}`,
  );
  const { lines: read, runs } = sorted(lines);
  assert.ok(runs > 2, `${runs} runs`);
  const expected = lines.toSorted();
  // Told by its place: a comparison of so many would be written out for minutes.
  assert.equal(
    read.findIndex((text, at) => text !== expected[at]),
    -1,
  );
  assert.equal(read.length, expected.length);
});
