/** Records as lines of cells, few enough at a time that nobody on the event loop waits long for them. */
import { FIELD_NAMES } from '../columns.ts';
import { ownTurn } from './turns.ts';

/** About three milliseconds of work for a format that is dear. */
const BATCH_ROWS = 400;
const LINE_FEED = 0x0a;

/**
 * Yields the cells of each record, in the order of the fields, each in a turn of the event loop of its own.
 * @param pieces whole lines, each a JSON object of texts and numbers. @param fields a row's in MKS's order unless told.
 */
export async function* rowBatches(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  fields: readonly string[] = FIELD_NAMES,
): AsyncGenerator<string[][]> {
  for await (const piece of pieces) {
    let batch: string[][] = [];
    let start = 0;
    while (start < piece.length) {
      if (batch.length === 0) await ownTurn();
      const { cells, next } = recordAt(piece, start, fields);
      batch.push(cells);
      start = next;
      if (batch.length < BATCH_ROWS && start < piece.length) continue;
      yield batch;
      batch = [];
    }
  }
}

/** The cells of the line at `start`, as `cellsOf` gives them, and where the next line begins. */
export function recordAt(
  piece: Buffer,
  start: number,
  fields: readonly string[],
): { cells: string[]; next: number } {
  const found = piece.indexOf(LINE_FEED, start);
  const end = found === -1 ? piece.length : found;
  return { cells: cellsOf(piece.toString('utf8', start, end), fields), next: end + 1 };
}

/** The cells of a record in the order of the fields; empty where it lacks one. */
export function cellsOf(line: string, fields: readonly string[]): string[] {
  const record = JSON.parse(line) as Record<string, string | number>;
  return fields.map((name) => String(record[name] ?? ''));
}
