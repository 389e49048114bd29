/** The rows as files for other programs. */
import type { Report } from '../../lib/documents.ts';
import { isoDay } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { Downloads } from '../../parts/download.ts';
import { html } from '../../parts/html.ts';

const FORMATS = [
  { text: 'Excel', format: 'xlsx', extension: 'xlsx' },
  { text: 'CSV', format: 'csv', extension: 'csv' },
  { text: 'JSON', format: 'json', extension: 'json' },
  { text: 'Parquet', format: 'parquet', extension: 'parquet' },
] as const;

export function RowDownloads({ report }: { report: Report }) {
  const { id, member, processDate } = report;
  const offers = FORMATS.map(({ text, format, extension }) => ({
    text,
    path: `/balances/${id}/rows?format=${format}`,
    fileName: `MKK_${member}_${isoDay(processDate)}.${extension}`,
  }));
  return html`<${Downloads} label=${t({ en: 'Download as', tr: 'İndir:' })} offers=${offers} />`;
}
