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
import { PENDING_MAX_BYTES, ROW_MAX_BYTES, type Scanner } from '../rows/read/scanner.ts';
import { type BadLine, BAD_LINES_MAX, LedgerError, LedgerTooLargeError } from './ledger-errors.ts';
import { type LedgerHeader, readLedgerHeader } from './ledger-header.ts';
import { createPositionWriter, lineEnds, lineEndsOf } from './ledger-cells.ts';
import type { LedgerMapping } from './ledger-profile.ts';
import { createRecordWriter, type RecordWriter, type TakeRecord } from './positions.ts';

const LINES_MAX = 1_000_000;

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

  function readHeader(window: Uint8Array, last: boolean): number {
    if (window.length === 0) return 0;
    const end = headerEnd(window, last);
    if (end === MORE ? window.length > ROW_MAX_BYTES : end > ROW_MAX_BYTES) lines.stop('too-long');
    if (end === MORE) return 0;
    header = readLedgerHeader(window.subarray(0, end), cells, options.mapping);
    const take = begin(header);
    const write = createRecordWriter((hash, record, length) =>
      take(hash, record, length, lines.line),
    );
    lines.begin(header, write);
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
      lines.take(window);
      lines.line += lineEndsOf(cells, window, position, end);
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
  const lines = { line: 1, count: 0, bad: [] as BadLine[], begin, take, stop };
  let [columnCount, amountColumn] = [0, 0];
  let write: RecordWriter = () => undefined;
  let writePosition: (window: Uint8Array) => void = () => undefined;

  function begin(header: LedgerHeader, into: RecordWriter): void {
    columnCount = header.columnCount;
    amountColumn = header.columns.get(AMOUNT_FIELD) ?? 0;
    write = into;
    writePosition = createPositionWriter(header, mapping, cells, into);
  }

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
    const fault = faultOf(text, amount, refusesTwoWays);
    if (fault === undefined) return amount;
    isBad(fault);
    return undefined;
  }

  function take(window: Uint8Array): void {
    if (isBlankLine(cells)) return;
    lines.count += 1;
    if (lines.count > LINES_MAX) throw new LedgerTooLargeError();
    if (cells.count !== columnCount) {
      isBad('cells', `${cells.count}, ${columnCount}`);
      return;
    }
    const start = cells.starts[amountColumn] as number;
    const end = cells.ends[amountColumn] as number;
    const isCanonical = amounts.isCanonical(window, start, end);
    const amount = isCanonical ? '' : amountText(window, amountColumn);
    if (amount === undefined) return;
    writePosition(window);
    if (isCanonical) write(AMOUNT_FIELD, window, start, end);
    else write(AMOUNT_FIELD, Buffer.from(amount), 0, amount.length);
  }

  return lines;
}

/** What is wrong with a balance that was read as `amount`. */
function faultOf(
  text: string,
  amount: string,
  refusesTwoWays: boolean,
): BadLine['fault'] | undefined {
  if (amount === '') return 'no-amount';
  // A spreadsheet saves so what its column had no room for: 19579540 has become 1,95795E+07.
  if (/e/i.test(text)) return 'exponent';
  return refusesTwoWays && readAlone(text) === 'two-ways' ? 'two-ways' : undefined;
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
