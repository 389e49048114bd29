/** What failed lately, each with the sentence that says why. */
import type { Page, Report } from '../../lib/documents.ts';
import { dayText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { Nothing, TableFrame } from '../../parts/table.ts';

const SHOWN = 10;

export function Failures() {
  const { document: page } = useDocument<Page<Report>>(
    `/balances?state=failed&limit=${SHOWN}`,
    15_000,
  );
  const title = t({ en: 'Recent failures', tr: 'Son hatalar' });
  return html`<section class="card">
    <h2>${title}</h2>
    ${page?.items.length === 0 && html`<${Nothing}>${t({ en: 'None.', tr: 'Yok.' })}<//>`}
    ${
      page &&
      page.items.length > 0 &&
      html`<${TableFrame} label=${title}>
        <thead>
          <tr>
            <th scope="col">${t({ en: 'Ended', tr: 'Bitti' })}</th>
            <th scope="col">${t({ en: 'Report', tr: 'Rapor' })}</th>
            <th scope="col">${t({ en: 'Code', tr: 'Kod' })}</th>
            <th scope="col">${t({ en: 'What happened', tr: 'Ne oldu' })}</th>
          </tr>
        </thead>
        <tbody>
          ${page.items.map(
            ({ id, member, processDate, updatedAt, mks, problem }) =>
              html`<tr key=${id}>
                <td>${timeText(updatedAt)}</td>
                <td><a href=${linkTo(`balances/${id}`)}>${member} · ${dayText(processDate)}</a></td>
                <td>${mks && html`<code>${mks.code}</code>`}</td>
                <td class="prose">
                  ${problem?.title}
                  <div class="small muted">${problem?.hint ?? problem?.detail}</div>
                </td>
              </tr>`,
          )}
        </tbody>
      <//>`
    }
  </section>`;
}
