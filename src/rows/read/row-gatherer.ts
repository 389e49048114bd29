/** Gathers rows as canonical NDJSON, in pieces of about 1 MiB that hold whole lines. */
import { unexpectedContent } from './errors.ts';
import { AMOUNT_FIELD, FIELD_COUNT, FIELD_NAMES, type RowValues } from './fields.ts';
import type { RemarkCollector } from './remark-collector.ts';

/** A piece is closed as soon as it is this full; one line more may go over it. */
const PIECE_BYTES = 1024 * 1024;

/** What stands before each value, and after the last. */
const PREFIXES = FIELD_NAMES.map((name, index) =>
  Buffer.from(`${index === 0 ? '{' : '",'}"${name}":"`),
);
const SUFFIX = Buffer.from('"}\n');
const FRAME_BYTES = PREFIXES.reduce((sum, prefix) => sum + prefix.length, SUFFIX.length);

/** A row in which every value is empty. */
export function createRowValues(): RowValues {
  return {
    starts: new Int32Array(FIELD_COUNT),
    ends: new Int32Array(FIELD_COUNT),
    replaced: Array.from<Uint8Array | undefined>({ length: FIELD_COUNT }),
  };
}

/** Empties the row for the next one. */
export function clearRow(row: RowValues): void {
  row.starts.fill(0);
  row.ends.fill(0);
  row.replaced.fill(undefined);
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
  takeFull(): Buffer[];
  /** The rest, at the end; undefined when there is none. */
  takeRest(): Buffer | undefined;
}

function copy(source: Uint8Array, start: number, end: number, target: Buffer, at: number): number {
  let position = at;
  // Values are a few bytes long: a loop is faster than a call into native code.
  for (let index = start; index < end; index++) target[position++] = source[index] as number;
  return position;
}

function lacksAmount(row: RowValues): boolean {
  const replaced = row.replaced[AMOUNT_FIELD];
  if (replaced !== undefined) return replaced.length === 0;
  return row.starts[AMOUNT_FIELD] === row.ends[AMOUNT_FIELD];
}

function lineBytes(row: RowValues): number {
  let bytes = FRAME_BYTES;
  for (let field = 0; field < FIELD_COUNT; field++) {
    bytes +=
      row.replaced[field]?.length ?? (row.ends[field] as number) - (row.starts[field] as number);
  }
  return bytes;
}

/** @param remarks is shown every row. */
export function createRowGatherer(remarks: RemarkCollector): RowGatherer {
  let full: Buffer[] = [];
  let piece = Buffer.alloc(0);
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
        used = 0;
      }
      for (let field = 0; field < FIELD_COUNT; field++) {
        const prefix = PREFIXES[field] as Buffer;
        used = copy(prefix, 0, prefix.length, piece, used);
        const replaced = row.replaced[field];
        used =
          replaced === undefined
            ? copy(window, row.starts[field] as number, row.ends[field] as number, piece, used)
            : copy(replaced, 0, replaced.length, piece, used);
      }
      used = copy(SUFFIX, 0, SUFFIX.length, piece, used);
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
