/** CSV as a Turkish Excel opens it: semicolons, a byte order mark, the decimal comma. */
import { quoteIfNeeded, writeCsv } from './csv-text.ts';
import type { Format } from './format.ts';

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
  write: (_report, rows) => writeCsv(rows, '\ufeff', writeLine),
};

function writeLine(cells: readonly string[]): string {
  const amountAt = cells.length - 1;
  const written = cells.map((cell, index) =>
    quoteIfNeeded(index === amountAt ? cell.replace('.', ',') : asText(cell), ';'),
  );
  return `${written.join(';')}\r\n`;
}

/**
 * A text that Excel would run as a formula becomes a formula whose value is that very text: what
 * the reader sees is MKS's data to the letter, and nothing of it is run. The plain formats leave
 * every byte as it is, for programs do not calculate.
 */
function asText(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `="${cell.replaceAll('"', '""')}"` : cell;
}
