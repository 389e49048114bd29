/** CSV for programs (RFC 4180): MKS's column names, every byte as MKS wrote it. */
import { COLUMN_NAMES, FIELD_NAMES } from '../columns.ts';
import { NOT_AS_KEPT, writeCsvLines } from './csv-bytes.ts';
import { linesOfCells, plainLine } from './csv-text.ts';
import type { Format, RowLines, RowsOf } from './format.ts';

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

/** What goes out at a time, about. */
const PIECE_BYTES = 256 * 1024;

async function* write(_report: RowsOf, rows: RowLines): AsyncGenerator<Buffer> {
  yield Buffer.from(plainLine(COLUMN_NAMES));
  let written = Buffer.alloc(0);
  let used = 0;
  for await (const lines of rows.lines()) {
    if (used + lines.length > written.length) {
      yield written.subarray(0, used);
      written = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, lines.length));
      used = 0;
    }
    const end = writeCsvLines(lines, written, used);
    if (end !== NOT_AS_KEPT) {
      used = end;
      continue;
    }
    yield written.subarray(0, used);
    yield linesOfCells(lines, FIELD_NAMES, plainLine);
    written = Buffer.alloc(0);
    used = 0;
  }
  yield written.subarray(0, used);
}
