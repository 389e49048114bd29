/** Counts, in one pass over a file, what its rows say that nobody asked for. */
import type { Asked, Remark } from '../remarks.ts';
import { unexpectedContent } from './errors.ts';
import { DATE_FIELD, FIELD_COUNT, FIELD_NAMES, MEMBER_FIELD, type RowValues } from './fields.ts';

/** More unknown columns than this are no drift but another file. */
const UNKNOWN_NAMES_MAX = 256;
const NAME_MAX_CHARACTERS = 128;

/** Values that are told by name; the rows of all others are counted with them. */
const VALUES_TOLD_MAX = 8;
const VALUE_MAX_CHARACTERS = 24;

export interface RemarkCollector {
  /**
   * The columns of the rows that follow.
   * @param fields indexes of MKS's fields, and -1 for others.
   * @param unknown the names of those others.
   * @throws ArchiveError when there are too many of them.
   */
  shape(fields: readonly number[], unknown: Iterable<string>): void;
  row(window: Uint8Array, row: RowValues): void;
  /** What was met, once the file has ended. */
  take(): Remark[];
}

/** Rows whose value is not the one that was asked for. */
interface Others {
  field: number;
  asked: Uint8Array;
  remark: Remark['remark'];
  values: Set<string>;
  hasMore: boolean;
  count: number;
}

function othersOf(remark: Remark['remark'], field: number, asked: string | undefined): Others[] {
  if (asked === undefined) return [];
  const values = new Set<string>();
  return [{ field, asked: Buffer.from(asked), remark, values, hasMore: false, count: 0 }];
}

function equals(window: Uint8Array, start: number, end: number, asked: Uint8Array): boolean {
  if (end - start !== asked.length) return false;
  for (let index = 0; index < asked.length; index++) {
    if (window[start + index] !== asked[index]) return false;
  }
  return true;
}

/** Whether a date in another notation is the one asked for: 2025-05-05, 05.05.2025, with a time. */
function isSameDate(text: string, asked: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const dayFirst = asked.slice(6) + asked.slice(4, 6) + asked.slice(0, 4);
  return digits.startsWith(asked) || digits.startsWith(dayFirst);
}

function shown(value: string): string {
  if (value === '') return 'none';
  return value.length > VALUE_MAX_CHARACTERS ? `${value.slice(0, VALUE_MAX_CHARACTERS)}…` : value;
}

/** @param asked what each row has to say; what it leaves out is not looked at. */
export function createRemarkCollector(asked: Asked): RemarkCollector {
  const seen = new Uint8Array(FIELD_COUNT);
  const unknown = createUnknownColumns();
  const others = [
    ...othersOf('other-member', MEMBER_FIELD, asked.member),
    ...othersOf('other-date', DATE_FIELD, asked.processDate),
  ];
  let rowsOfShape = 0;
  let rowCount = 0;

  function closeShape(): void {
    unknown.count(rowsOfShape);
    rowCount += rowsOfShape;
    rowsOfShape = 0;
  }

  return {
    shape(fields, names) {
      closeShape();
      for (const field of fields) if (field >= 0) seen[field] = 1;
      unknown.expect(names);
    },
    row(window, row) {
      rowsOfShape++;
      for (const one of others) {
        const replaced = row.replaced[one.field];
        const bytes = replaced ?? window;
        const start = replaced === undefined ? (row.starts[one.field] as number) : 0;
        const end = replaced === undefined ? (row.ends[one.field] as number) : replaced.length;
        if (!equals(bytes, start, end, one.asked)) note(one, bytes.subarray(start, end));
      }
    },
    take() {
      closeShape();
      if (rowCount === 0) return [];
      // A column that is nowhere is told once, as missing.
      const told = others.filter(({ count, field }) => count > 0 && seen[field] === 1);
      const missing = FIELD_NAMES.filter((_, field) => seen[field] === 0);
      return [
        ...told.map(remarkOf),
        ...missing.map((detail) => ({
          remark: 'missing-column' as const,
          detail,
          count: rowCount,
        })),
        ...unknown.remarks(),
      ];
    },
  };
}

/** Counts a row that says otherwise, unless it only writes the date in another way. */
function note(one: Others, bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString();
  if (one.field === DATE_FIELD && isSameDate(text, Buffer.from(one.asked).toString())) return;
  one.count++;
  if (one.values.has(shown(text))) return;
  if (one.values.size < VALUES_TOLD_MAX) one.values.add(shown(text));
  else one.hasMore = true;
}

function remarkOf({ remark, values, hasMore, count }: Others): Remark {
  return { remark, detail: [...values, ...(hasMore ? ['…'] : [])].join(', '), count };
}

/** The columns that are not MKS's, and how many rows have each. */
function createUnknownColumns() {
  const counts = new Map<string, number>();
  let current: string[] = [];
  return {
    /** So many rows had the columns that were expected last. */
    count(rows: number): void {
      for (const name of current) counts.set(name, (counts.get(name) ?? 0) + rows);
    },
    /**
     * The rows that follow have these columns.
     * @throws ArchiveError when a name is too long, or the file has too many.
     */
    expect(names: Iterable<string>): void {
      current = [...names];
      for (const name of current) {
        if (name.length > NAME_MAX_CHARACTERS) throw unexpectedContent('a column name is too long');
        if (!counts.has(name)) counts.set(name, 0);
      }
      if (counts.size > UNKNOWN_NAMES_MAX) {
        throw unexpectedContent('there are too many unknown columns');
      }
    },
    remarks(): Remark[] {
      return [...counts]
        .filter(([, count]) => count > 0)
        .map(([detail, count]) => ({ remark: 'unknown-column', detail, count }));
    },
  };
}
