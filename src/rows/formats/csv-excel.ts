/**
 * CSV as a Turkish Excel opens it: semicolons, a byte order mark, the decimal comma.
 *
 * A spreadsheet reads what it opens: it drops the digits of a number after the fifteenth, and leading
 * zeros, makes dates of `03-05`, and runs what begins with `=`. A cell that it would change is written
 * as a formula whose value is the very text (`="03-05"`): the reader sees MKS's data to the letter, and
 * nothing of it is run. The plain formats leave every byte as it is, for programs do not calculate.
 */
import { quoteIfNeeded, writeCsv } from './csv-text.ts';
import type { Format } from './format.ts';
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
  write: (_report, rows) => writeCsv(rows, '\ufeff', createLineWriter()),
};

/** Most texts of a report come again and again: so many are kept as they were written. */
const KNOWN_TEXTS = 5_000;

function createLineWriter(): (cells: readonly string[]) => string {
  const known = new Map<string, string>();
  function writeText(cell: string): string {
    const found = known.get(cell);
    if (found !== undefined) return found;
    const written = quoteIfNeeded(asText(cell), ';');
    if (known.size === KNOWN_TEXTS) known.clear();
    known.set(cell, written);
    return written;
  }
  return (cells) => {
    const amountAt = cells.length - 1;
    let line = '';
    for (let column = 0; column < amountAt; column++)
      line += `${writeText(cells[column] as string)};`;
    return `${line}${quoteIfNeeded(asAmount(cells[amountAt] as string), ';')}\r\n`;
  };
}

function asAmount(cell: string): string {
  const written = cell.replace('.', ',');
  // No amount is too long for a formula; the header's last cell is a word.
  return isExactNumber(cell) || isLeftAlone(cell) ? written : (asFormula(written) ?? tooLong(cell));
}

function asText(cell: string): string {
  return isLeftAlone(cell) ? cellText(cell) : (asFormula(cell) ?? tooLong(cell));
}
