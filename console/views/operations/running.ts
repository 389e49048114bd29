/** The reports that MKS is making now, each with what has been said about it. */
import type { Report } from '../../lib/documents.ts';
import { dayText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { Timeline } from '../timeline.ts';

export function Running({ reports }: { reports: readonly Report[] }) {
  return html`${reports.map((report) => {
    const { id, member, processDate } = report;
    const title = `${t({ en: 'With MKS now:', tr: 'Şimdi MKS’de:' })} ${member} · ${dayText(processDate)}`;
    return html`<section class="card" key=${id}>
      <h2>${title}</h2>
      <${Timeline} report=${report} />
    </section>`;
  })}`;
}
