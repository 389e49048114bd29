/** Rows as lines of cells, few enough at a time that nobody on the event loop waits long for them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FIELD_NAMES } from '../columns.ts';
import type { RowLines } from './format.ts';

/** About three milliseconds of work for a format that is dear. */
const BATCH_ROWS = 400;

/** Yields the cells of each row, in MKS's order, and takes a turn of the event loop between batches. */
export async function* rowBatches(rows: RowLines): AsyncGenerator<string[][]> {
  for await (const piece of rows.lines()) {
    let batch: string[][] = [];
    let start = 0;
    while (start < piece.length) {
      const found = piece.indexOf(0x0a, start);
      const end = found === -1 ? piece.length : found;
      batch.push(cellsOf(piece.toString('utf8', start, end)));
      start = end + 1;
      if (batch.length < BATCH_ROWS && start < piece.length) continue;
      yield batch;
      batch = [];
      await nextTurn();
    }
  }
}

function cellsOf(line: string): string[] {
  const row = JSON.parse(line) as Record<string, string>;
  return FIELD_NAMES.map((name) => row[name] ?? '');
}
