/** Differences as documents: one JSON document, a difference a line, CSV or a workbook. */
import { COLUMN_NAMES, FIELD_NAMES } from '../rows/columns.ts';
import { linesOfCells, plainLine } from '../rows/formats/csv-text.ts';
import { joinLines } from '../rows/formats/json.ts';
import { rowBatches } from '../rows/formats/row-batches.ts';
import { textRecords } from '../rows/formats/xlsx/records.ts';
import { type Table, writeWorkbook } from '../rows/formats/xlsx/workbook.ts';

/** What a document says besides its lines. */
export interface Frame {
  /** Stands at the head of the one document. */
  head: object;
  /** What the lines are called there. */
  list: 'changes' | 'breaks';
  /** Comes last. */
  tail: object;
  /** Of a line, in the order of its cells. */
  fields: readonly string[];
}

interface DifferenceFormat {
  /** @param lines pieces of whole lines, a difference each. */
  write(
    frame: Frame,
    lines: Iterable<Buffer> | AsyncIterable<Buffer>,
  ): Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** In a workbook these are numbers where no digit is lost, and wide. */
const AMOUNTS = ['before', 'after', 'ledger', 'mks', 'difference'];

/** A position bears MKS's column names, as it does in CSV of rows. */
function columnOf(field: string): string {
  return COLUMN_NAMES[FIELD_NAMES.indexOf(field as (typeof FIELD_NAMES)[number])] ?? field;
}

function tableOf({ list, fields }: Frame): Table {
  const columns = fields.map((field) => {
    const isAmount = AMOUNTS.includes(field);
    return { name: columnOf(field), width: isAmount ? 24 : 16, isAmount };
  });
  return { name: list, columns };
}

export type DifferenceFormatName = 'json' | 'ndjson' | 'csv' | 'xlsx';

export const differenceFormats: Record<DifferenceFormatName, DifferenceFormat> = {
  json: {
    async *write({ head, list, tail }, lines) {
      yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"${list}":[`);
      let isFirst = true;
      for await (const piece of lines) {
        yield joinLines(piece, isFirst);
        isFirst = false;
      }
      yield Buffer.from(`],${JSON.stringify(tail).slice(1)}\n`);
    },
  },
  ndjson: { write: (_frame, lines) => lines },
  csv: {
    async *write({ fields }, lines) {
      yield Buffer.from(plainLine(fields.map(columnOf)));
      for await (const piece of lines) yield linesOfCells(piece, fields, plainLine);
    },
  },
  xlsx: {
    write(frame, lines) {
      const table = tableOf(frame);
      return writeWorkbook(table, textRecords(table.columns, rowBatches(lines, frame.fields)));
    },
  },
};
