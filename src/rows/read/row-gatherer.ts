/** Gathers rows as canonical NDJSON, in pieces of about 1 MiB that hold whole lines. */
import { NO_COMMA } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { ALONE, AMOUNT_FIELD, FIELD_COUNT, FIELD_NAMES, type RowValues } from './fields.ts';
import type { RemarkCollector } from './remark-collector.ts';
import { copyBytes, viewOf } from '../../lib/words.ts';

/** A piece is closed as soon as it is this full; one line more may go over it. */
const PIECE_BYTES = 1024 * 1024;

/** What stands before each value, and after the last. */
const PREFIXES = FIELD_NAMES.map((name, index) =>
  viewOf(Buffer.from(`${index === 0 ? '{' : '",'}"${name}":"`)),
);
const POINT = 0x2e;
const SUFFIX = viewOf(Buffer.from('"}\n'));

/** A row in which every value is empty. */
export function createRowValues(): RowValues {
  return {
    starts: new Int32Array(FIELD_COUNT + 1),
    ends: new Int32Array(FIELD_COUNT + 1),
    replaced: Array.from<Uint8Array | undefined>({ length: FIELD_COUNT }),
    comma: NO_COMMA,
    lasts: ALONE,
  };
}

/** Empties the row for the next one. */
export function clearRow(row: RowValues): void {
  row.starts.fill(0);
  row.ends.fill(0);
  row.replaced.fill(undefined);
  row.lasts = ALONE;
}

/** The bytes of a text as the inside of a JSON string, escaped as JSON.stringify does. */
export function jsonInside(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1));
}

export interface RowGatherer {
  readonly rowCount: number;
  /** @throws ArchiveError for a row without its amount: no balance is made up, zero least of all. */
  add(window: Uint8Array, row: RowValues): void;
  /** The pieces that are full; each is given once and belongs to the taker. */
  takeFull(): Buffer<ArrayBuffer>[];
  /** The rest, at the end; undefined when there is none. */
  takeRest(): Buffer<ArrayBuffer> | undefined;
}

function lacksAmount(row: RowValues): boolean {
  const replaced = row.replaced[AMOUNT_FIELD];
  if (replaced !== undefined) return replaced.length === 0;
  return row.starts[AMOUNT_FIELD] === row.ends[AMOUNT_FIELD];
}

function lineBytes(row: RowValues): number {
  let bytes = SUFFIX.byteLength;
  for (let first = 0; first < FIELD_COUNT;) {
    const last = row.lasts[first] as number;
    bytes += (PREFIXES[first] as DataView).byteLength;
    bytes +=
      row.replaced[first]?.length ?? (row.ends[last] as number) - (row.starts[first] as number);
    first = last + 1;
  }
  return bytes;
}

/** @param remarks is shown every row. */
export function createRowGatherer(remarks: RemarkCollector): RowGatherer {
  let full: Buffer<ArrayBuffer>[] = [];
  let piece = Buffer.alloc(0);
  let target = viewOf(piece);
  let seen: Uint8Array | undefined;
  let source = target;
  let used = 0;
  let rowCount = 0;

  return {
    get rowCount() {
      return rowCount;
    },
    add(window, row) {
      if (lacksAmount(row)) throw unexpectedContent('a row is without its amount');
      remarks.row(window, row);
      const bytes = lineBytes(row);
      if (used + bytes > piece.length) {
        if (used > 0) full.push(piece.subarray(0, used));
        piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes));
        target = viewOf(piece);
        used = 0;
      }
      if (window !== seen) [seen, source] = [window, viewOf(window)];
      for (let first = 0; first < FIELD_COUNT;) {
        const last = row.lasts[first] as number;
        const prefix = PREFIXES[first] as DataView;
        used = copyBytes(prefix, 0, prefix.byteLength, target, used);
        const replaced = row.replaced[first];
        if (replaced === undefined) {
          const [start, end] = [row.starts[first] as number, row.ends[last] as number];
          used = copyBytes(source, start, end, target, used);
        } else {
          piece.set(replaced, used);
          used += replaced.length;
        }
        first = last + 1;
      }
      // The amount is the last value.
      if (row.comma !== NO_COMMA) {
        piece[used - (row.ends[AMOUNT_FIELD] as number) + row.comma] = POINT;
      }
      used = copyBytes(SUFFIX, 0, SUFFIX.byteLength, target, used);
      rowCount++;
    },
    takeFull() {
      const taken = full;
      full = [];
      return taken;
    },
    takeRest() {
      const rest = used === 0 ? undefined : piece.subarray(0, used);
      piece = Buffer.alloc(0);
      used = 0;
      return rest;
    },
  };
}
