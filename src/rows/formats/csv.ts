/** CSV for programs (RFC 4180): MKS's column names, every byte as MKS wrote it. */
import { plainLine, writeCsv } from './csv-text.ts';
import type { Format } from './format.ts';

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
  write: (_report, rows) => writeCsv(rows, '', plainLine),
};
