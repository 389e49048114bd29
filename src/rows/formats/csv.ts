/** CSV for programs (RFC 4180): MKS's column names, every byte as MKS wrote it. */
import { COLUMN_NAMES, FIELD_NAMES } from '../columns.ts';
import { writeCsvLines } from './csv-bytes.ts';
import { linesOfCells, plainLine } from './csv-text.ts';
import type { Format, RowLines, RowsOf } from './format.ts';
import { writtenLines } from './written-lines.ts';

export const csv: Format = {
  name: 'csv',
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  summary: { en: 'CSV by RFC 4180', tr: 'RFC 4180 biçiminde CSV' },
  shape: 'text',
  example:
    'BAKIYE_TARIHI,UYE,HESAP,ALT_HESAP,KIYMET_SINIFI,MIC,ISIN,EK_TANIM,BAKIYE\r\n' +
    '20250505,TIB,1001,SERB,HS,XIST,TRAGARAN91N1,,1250.00\r\n',
  write,
};

async function* write(_report: RowsOf, rows: RowLines): AsyncGenerator<Buffer> {
  yield Buffer.from(plainLine(COLUMN_NAMES));
  yield* writtenLines(rows.lines(), writeCsvLines, (lines) =>
    linesOfCells(lines, FIELD_NAMES, plainLine),
  );
}
