/** The lines of a ledger, each a record or a mistake. */
import { defined } from '../lib/defined.ts';
import { type AmountReader, createAmountReader, type DecimalSign } from '../rows/read/amount.ts';
import { headerEnd } from '../rows/read/csv-header.ts';
import {
  columnText,
  createCsvLine,
  type CsvLine,
  isBlankLine,
  readCsvLine,
} from '../rows/read/csv-line.ts';
import { ArchiveError } from '../rows/read/errors.ts';
import { AMOUNT_FIELD } from '../rows/read/fields.ts';
import { MORE } from '../rows/read/json-tokens.ts';
import { jsonInside } from '../rows/read/row-gatherer.ts';
import { PENDING_MAX_BYTES, ROW_MAX_BYTES, type Scanner } from '../rows/read/scanner.ts';
import { type BadLine, BAD_LINES_MAX, LedgerError, LedgerTooLargeError } from './ledger-errors.ts';
import { type LedgerHeader, readLedgerHeader } from './ledger-header.ts';
import type { LedgerMapping } from './ledger-profile.ts';
import {
  createRecordWriter,
  RECORD_FIELDS,
  type RecordWriter,
  type TakeRecord,
} from './positions.ts';

const LINES_MAX = 1_000_000;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LedgerRead {
  header: LedgerHeader;
  /** Lines with a balance. */
  lineCount: number;
  /** Absent where no balance bears one. */
  decimalSign?: DecimalSign;
}

/** Begins a pass over the ledger; what an earlier one took is void. The taker is told the record's line besides. */
export type BeginLedger = (
  header: LedgerHeader,
) => (...record: [...Parameters<TakeRecord>, line: number]) => void;

/** The decimal sign, and the line that told it. */
export interface SettledSign {
  sign: DecimalSign;
  line: number;
}

interface LedgerScanner extends Scanner {
  /** The one that is being read. */
  readonly line: number;
  /** Whether balances can be read in two ways, and this has not been told as their mistake. */
  isUnsettled(): boolean;
  /** @throws LedgerError with all bad lines. */
  result(): LedgerRead;
}

type CreateOptions = { settled?: SettledSign; refusesTwoWays: boolean; mapping: LedgerMapping };

export function createLedgerScanner(
  amounts: AmountReader,
  begin: BeginLedger,
  options: CreateOptions,
): LedgerScanner {
  const cells = createCsvLine();
  const lines = createLineTaker(amounts, cells, options);
  let header: LedgerHeader | undefined;
  let write: RecordWriter = () => undefined;

  function readHeader(window: Uint8Array, last: boolean): number {
    if (window.length === 0) return 0;
    const end = headerEnd(window, last);
    if (end === MORE ? window.length > ROW_MAX_BYTES : end > ROW_MAX_BYTES) lines.stop('too-long');
    if (end === MORE) return 0;
    header = readLedgerHeader(window.subarray(0, end), cells, options.mapping);
    const take = begin(header);
    write = createRecordWriter((hash, record, length) => take(hash, record, length, lines.line));
    lines.line += lineEnds(window, 0, end);
    return end;
  }

  /** As `Scanner.scan`; ArchiveError where the text is not CSV. */
  function scan(window: Uint8Array, last: boolean): number {
    let position = header === undefined ? readHeader(window, last) : 0;
    if (header === undefined) return 0;
    while (position < window.length) {
      const end = readCsvLine(window, position, last, header.delimiter, cells);
      if ((end === MORE ? window.length : end) - position > ROW_MAX_BYTES) lines.stop('too-long');
      if (end === MORE) return position;
      lines.take(window, header, write);
      lines.line += lineEnds(window, position, end);
      position = end;
    }
    return position;
  }

  return {
    get line() {
      return lines.line;
    },
    pendingMaxBytes: PENDING_MAX_BYTES,
    scan(window, last) {
      try {
        return scan(window, last);
      } catch (error) {
        if (error instanceof ArchiveError) lines.stop('quotes');
        throw error;
      }
    },
    end() {
      if (header === undefined) lines.stop('empty');
    },
    isUnsettled: () => !options.refusesTwoWays && !isSettled(amounts),
    result() {
      if (lines.bad.length > 0 || header === undefined) throw new LedgerError(lines.bad);
      return { header, lineCount: lines.count, ...defined({ decimalSign: amounts.decimalSign }) };
    },
  };
}

/** @param cells where the line that was read last lies. */
function createLineTaker(
  amounts: AmountReader,
  cells: CsvLine,
  { settled, refusesTwoWays, mapping }: CreateOptions,
) {
  let toldAt = settled;
  const lines = { line: 1, count: 0, bad: [] as BadLine[], take, stop };

  function isBad(fault: BadLine['fault'], detail?: string): void {
    lines.bad.push({ line: lines.line, fault, ...defined({ detail }) });
    if (lines.bad.length === BAD_LINES_MAX) throw new LedgerError(lines.bad);
  }

  /** What follows this fault cannot be read. */
  function stop(fault: BadLine['fault']): never {
    throw new LedgerError([...lines.bad, { line: lines.line, fault }]);
  }

  /** The text of the line's balance; undefined when it has been told as a mistake. */
  function amountText(window: Uint8Array, column: number): string | undefined {
    const text = columnText(cells, window, column);
    let amount: string;
    try {
      amount = amounts.read(text);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (readAlone(text) === undefined) isBad('not-a-number');
      else isBad('other-sign', `${toldAt?.line ?? 1} (${toldAt?.sign ?? ''})`);
      return undefined;
    }
    if (toldAt === undefined && amounts.decimalSign !== undefined) {
      toldAt = { sign: amounts.decimalSign, line: lines.line };
    }
    if (amount === '') isBad('no-amount');
    else if (refusesTwoWays && readAlone(text) === 'two-ways') isBad('two-ways');
    else return amount;
    return undefined;
  }

  function take(window: Uint8Array, header: LedgerHeader, write: RecordWriter): void {
    if (isBlankLine(cells)) return;
    lines.count += 1;
    if (lines.count > LINES_MAX) throw new LedgerTooLargeError();
    if (cells.count !== header.columnCount) {
      isBad('cells', `${cells.count}, ${header.columnCount}`);
      return;
    }
    const column = header.columns.get(AMOUNT_FIELD) ?? 0;
    const [start = 0, end = 0] = [cells.starts[column], cells.ends[column]];
    const isCanonical = amounts.isCanonical(window, start, end);
    const amount = isCanonical ? '' : amountText(window, column);
    if (amount === undefined) return;
    for (const field of RECORD_FIELDS) {
      if (field === AMOUNT_FIELD) continue;
      const change = mapping.change(field);
      writeCell(write, field, window, cells, header.columns.get(field), change);
    }
    if (isCanonical) write(AMOUNT_FIELD, window, start, end);
    else write(AMOUNT_FIELD, Buffer.from(amount), 0, amount.length);
  }

  return lines;
}

/** @param column the field is left empty without one. */
function writeCell(
  write: RecordWriter,
  field: number,
  window: Uint8Array,
  cells: CsvLine,
  column = -1,
  change?: (text: string) => string,
): void {
  if (column === -1) {
    write(field, window, 0, 0);
  } else if (change !== undefined || cells.specials[column] === 1) {
    const text = columnText(cells, window, column);
    const value = jsonInside(change === undefined ? text : change(text));
    write(field, value, 0, value.length);
  } else {
    write(field, window, cells.starts[column] as number, cells.ends[column] as number);
  }
}

function isSettled(amounts: AmountReader): boolean {
  try {
    amounts.end();
    return true;
  } catch {
    return false;
  }
}

/** What an amount is without the others of its ledger: undefined when it is none. */
function readAlone(text: string): 'one-way' | 'two-ways' | undefined {
  const amounts = createAmountReader();
  try {
    amounts.read(text);
  } catch {
    return undefined;
  }
  return isSettled(amounts) ? 'one-way' : 'two-ways';
}

/** How many lines an editor would count: LF, CRLF or CR each end one. */
function lineEnds(window: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const byte = window[at];
    if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && window[at + 1] !== LINE_FEED)) count++;
  }
  return count;
}
