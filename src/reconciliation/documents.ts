/** Differences as documents: one JSON document, a difference a line, or CSV. */
import { COLUMN_NAMES } from '../rows/columns.ts';
import { linesOfCells, plainLine } from '../rows/formats/csv-text.ts';
import { joinLines } from '../rows/formats/json.ts';
import type { Counts } from './compare.ts';
import { POSITION_FIELDS } from './positions.ts';

/** What stands at the head of the one document. */
export interface Head {
  member: string;
  /** `YYYYMMDD`. */
  from: string;
  to: string;
}

interface DifferenceFormat {
  /** @param lines pieces of whole lines, a difference each. */
  write(head: Head, lines: Iterable<Buffer>, counts: Counts): Iterable<Buffer>;
}

const FIELDS = ['change', ...POSITION_FIELDS, 'before', 'after', 'difference'];
/** A position bears MKS's column names, as it does in CSV of rows. */
const COLUMNS = ['change', ...COLUMN_NAMES.slice(2, 8), 'before', 'after', 'difference'];

export type DifferenceFormatName = 'json' | 'ndjson' | 'csv';

export const differenceFormats: Record<DifferenceFormatName, DifferenceFormat> = {
  json: {
    *write(head, lines, counts) {
      yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"changes":[`);
      let isFirst = true;
      for (const piece of lines) {
        yield joinLines(piece, isFirst);
        isFirst = false;
      }
      yield Buffer.from(`],"counts":${JSON.stringify(counts)}}\n`);
    },
  },
  ndjson: { write: (_head, lines) => lines },
  csv: {
    *write(_head, lines) {
      yield Buffer.from(plainLine(COLUMNS));
      for (const piece of lines) yield linesOfCells(piece, FIELDS, plainLine);
    },
  },
};
