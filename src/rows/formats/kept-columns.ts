/** Kept lines as columns of texts in UTF-8. A cell that was there before is the same bytes again: nothing is made for it. */
import { startsAlike, viewOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';
import { createKeptCells, ESCAPE, findCells, NOT_AS_KEPT } from './kept-cells.ts';
import { createKnownCells, placeOf } from './known-cells.ts';
import { recordAt } from './row-batches.ts';
import { inOwnTurns } from './turns.ts';

/** For texts of a column that may come again. */
const PLACES = 1024;
/** What texts are laid in at a time. */
const MEMORY_BYTES = 64 * 1024;

/** Texts by field, as many of each as there are rows. */
export type Columns = readonly Buffer[][];

/**
 * Groups of so many rows, the last one of fewer. A piece has a turn of the event loop of its own.
 * @param pieces whole lines, each lent until the next is asked for.
 */
export async function* columnGroups(
  pieces: AsyncIterable<Buffer>,
  rowsOfGroup: number,
): AsyncGenerator<Columns> {
  const unescaped = createKnownCells((text) => text);
  let group = createGroup(unescaped);
  for await (const piece of inOwnTurns(pieces)) {
    const view = viewOf(piece);
    for (let at = 0; at < piece.length;) {
      at = group.addLine(piece, view, at);
      if (group.rows() < rowsOfGroup) continue;
      yield group.columns;
      group = createGroup(unescaped);
    }
  }
  if (group.rows() > 0) yield group.columns;
}

/** Its texts lie in memory of its own, which goes with them. */
function createGroup(unescaped: ReturnType<typeof createKnownCells>) {
  const columns: Buffer[][] = FIELD_NAMES.map(() => []);
  const known = FIELD_NAMES.map((): (Buffer | undefined)[] => Array.from({ length: PLACES }));
  const cells = createKeptCells();
  const { starts, ends, kinds } = cells;
  let memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  let used = 0;

  function kept(piece: Buffer, start: number, end: number): Buffer {
    const length = end - start;
    if (used + length > memory.length) {
      memory = Buffer.allocUnsafeSlow(Math.max(MEMORY_BYTES, length));
      used = 0;
    }
    for (let at = start; at < end; at++) memory[used++] = piece[at] as number;
    return memory.subarray(used - length, used);
  }

  /** A line that bears its names in another way. */
  function addParsed(piece: Buffer, at: number): number {
    const record = recordAt(piece, at, FIELD_NAMES);
    for (const [field, text] of record.cells.entries()) columns[field]?.push(Buffer.from(text));
    return record.next;
  }

  return {
    columns,
    rows: (): number => columns[0]?.length ?? 0,
    /** @returns where the next one begins. */
    addLine(piece: Buffer, view: DataView, at: number): number {
      const next = findCells(piece, view, at, cells);
      if (next === NOT_AS_KEPT) return addParsed(piece, at);
      for (let field = 0; field < columns.length; field++) {
        const [start, end] = [starts[field] as number, ends[field] as number];
        const column = columns[field] as Buffer[];
        if (((kinds[field] as number) & ESCAPE) !== 0) {
          column.push(unescaped(piece, start, end));
          continue;
        }
        const places = known[field] as (Buffer | undefined)[];
        const place = placeOf(piece, start, end, PLACES);
        let text = places[place];
        if (text?.length !== end - start || !startsAlike(text, end - start, piece, start)) {
          text = kept(piece, start, end);
          places[place] = text;
        }
        column.push(text);
      }
      return next;
    },
  };
}
