/** A report's file, csv or json in any of their shapes, into canonical rows, in constant memory. */
import { type DecimalSign, DecimalSignFound, createAmountReader } from './amount.ts';
import { createCsvScanner } from './csv-rows.ts';
import { ArchiveError, unexpectedContent } from './errors.ts';
import { createJsonScanner } from './json-rows.ts';
import { type RowGatherer, createRowGatherer } from './row-gatherer.ts';
import type { Asked, Remark } from '../remarks.ts';
import { createRemarkCollector } from './remark-collector.ts';
import { type Scanner, scanPieces } from './scanner.ts';
import { type Encoding, NotUtf8Error, textPieces } from './text-pieces.ts';

export type FileType = 'json' | 'csv';

export interface RowFile {
  type: FileType;
  /**
   * The file's bytes, from the first at every call.
   * @param isLent whether a piece is done with when the next one is asked for.
   */
  stream(isLent?: boolean): AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are what was packed; throws the reason when they are not. */
  verify(): Promise<void>;
}

export interface RowsWritten {
  rowCount: number;
  /** What the rows say that was not asked for. */
  remarks: Remark[];
}

/** What a pass over the file takes for granted, and a pass may find to be otherwise. */
interface Assumptions {
  encoding: Encoding;
  decimalSign?: DecimalSign;
}

type Sink = (piece: Buffer<ArrayBuffer>) => Promise<void>;

async function drain(gatherer: RowGatherer, sink: Sink): Promise<void> {
  for (const piece of gatherer.takeFull()) await sink(piece);
}

async function writeOnce(
  file: RowFile,
  assumptions: Assumptions,
  sink: Sink,
  asked: Asked,
): Promise<RowsWritten> {
  const amounts = createAmountReader(assumptions.decimalSign);
  const remarks = createRemarkCollector(asked);
  const gatherer = createRowGatherer(remarks);
  const createScanner = file.type === 'json' ? createJsonScanner : createCsvScanner;
  const scanner: Scanner = createScanner(amounts, gatherer, remarks);
  const pieces = textPieces(file.stream(true), assumptions.encoding);
  await scanPieces(scanner, pieces, () => drain(gatherer, sink));
  amounts.end();
  await drain(gatherer, sink);
  const rest = gatherer.takeRest();
  if (rest !== undefined) await sink(rest);
  return { rowCount: gatherer.rowCount, remarks: remarks.take() };
}

/** What the next pass has to assume after this one has failed; throws the failure if it is final. */
function corrected(assumptions: Assumptions, file: RowFile, error: unknown): Assumptions {
  if (error instanceof DecimalSignFound) return { ...assumptions, decimalSign: error.decimalSign };
  if (!(error instanceof NotUtf8Error)) throw error;
  // A single-byte encoding has no invalid text, so this is the last one to try.
  if (file.type === 'csv') return { ...assumptions, encoding: 'windows-1254' };
  throw unexpectedContent('the JSON is not UTF-8');
}

/**
 * Writes the rows of the file as canonical NDJSON: one line a row, every field present and a string,
 * in MKS's order.
 *
 * Until it resolves, nothing that went to the sink may be used: damage may show only at the end.
 *
 * @param sink takes pieces of about 1 MiB that hold whole lines; each belongs to it.
 * @param restart awaited when all pieces so far are void and the rows come again from the first. That
 *   happens at most twice: for a CSV that turns out to be windows-1254, and for a decimal sign that
 *   shows only after amounts that could be read in two ways.
 * @param asked what each row should say of its member and date; others are remarked on.
 * @throws ArchiveError when the file is damaged, or does not say without doubt what its rows are.
 */
export async function writeRows(
  file: RowFile,
  sink: Sink,
  restart: () => Promise<void>,
  asked: Asked = {},
): Promise<RowsWritten> {
  let assumptions: Assumptions = { encoding: 'utf-8' };
  for (;;) {
    try {
      return await writeOnce(file, assumptions, sink, asked);
    } catch (error) {
      try {
        assumptions = corrected(assumptions, file, error);
      } catch (final) {
        // Damaged bytes look like a wrong content before their checksum is reached.
        if (final instanceof ArchiveError && final.reason === 'unexpected-content') {
          await file.verify();
        }
        throw final;
      }
    }
    await restart();
  }
}
