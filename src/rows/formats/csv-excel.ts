/**
 * CSV as a Turkish Excel opens it: semicolons, a byte order mark, the decimal comma.
 *
 * A spreadsheet reads what it opens: it drops the digits of a number after the fifteenth, and leading
 * zeros, makes dates of `03-05`, and runs what begins with `=`. A cell that it would change is written
 * as a formula whose value is the very text (`="03-05"`): the reader sees MKS's data to the letter, and
 * nothing of it is run. The plain formats leave every byte as it is, for programs do not calculate.
 */
import { COLUMN_NAMES, FIELD_NAMES } from '../columns.ts';
import { createExcelLines } from './csv-excel-bytes.ts';
import { linesOfCells, quoteIfNeeded } from './csv-text.ts';
import type { Format, RowLines, RowsOf } from './format.ts';
import { inOwnTurns } from './turns.ts';
import { writtenLines } from './written-lines.ts';
import { asFormula, cellText, isExactNumber, isLeftAlone, tooLong } from './spreadsheet.ts';

export const csvExcel: Format = {
  name: 'csv-excel',
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  summary: { en: 'CSV for a Turkish Excel', tr: 'Türkçe Excel için CSV' },
  shape: 'text',
  example:
    '\ufeffBAKIYE_TARIHI;UYE;HESAP;ALT_HESAP;KIYMET_SINIFI;MIC;ISIN;EK_TANIM;BAKIYE\r\n' +
    '20250505;TIB;1001;SERB;HS;XIST;TRAGARAN91N1;;1250,00\r\n',
  write,
};

const AMOUNT = FIELD_NAMES.length - 1;

async function* write(_report: RowsOf, rows: RowLines): AsyncGenerator<Buffer> {
  yield Buffer.from(`\ufeff${writeLine(COLUMN_NAMES)}`);
  const writeLines = createExcelLines({ text, amount });
  const otherwise = (lines: Buffer): Buffer => linesOfCells(lines, FIELD_NAMES, writeLine);
  // Of texts that no piece had before, a piece has ten milliseconds.
  yield* writtenLines(inOwnTurns(rows.lines()), writeLines, otherwise);
}

function writeLine(cells: readonly string[]): string {
  return `${cells.map((cell, at) => (at === AMOUNT ? amount(cell) : text(cell))).join(';')}\r\n`;
}

function text(cell: string): string {
  return quoteIfNeeded(asText(cell), ';');
}

function amount(cell: string): string {
  return quoteIfNeeded(asAmount(cell), ';');
}

function asAmount(cell: string): string {
  const written = cell.replace('.', ',');
  // No amount is too long for a formula; the header's last cell is a word.
  return isExactNumber(cell) || isLeftAlone(cell) ? written : (asFormula(written) ?? tooLong(cell));
}

function asText(cell: string): string {
  return isLeftAlone(cell) ? cellText(cell) : (asFormula(cell) ?? tooLong(cell));
}
