/** The form that asks for balances, and the reports there are. */
import type { Member, Page, Report } from '../../lib/documents.ts';
import { countText, dayText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { FilterChips } from '../../parts/filters.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { StateBadge } from '../../parts/state.ts';
import { Nothing, TableFrame } from '../../parts/table.ts';
import { AskForm } from './ask-form.ts';

const EVERY_MS = 5_000;
const SHOWN = 25;

export function AskAndList() {
  const members = useDocument<{ items: Member[] }>('/members');
  const { problem, again } = members;
  return html`<h1>${t({ en: 'Balances', tr: 'Bakiyeler' })}</h1>
    ${problem && !members.document && html`<${ProblemNote} problem=${problem} onRetry=${again} />`}
    ${members.document && html`<${AskForm} members=${members.document.items.map(({ member }) => member)} />`}
    <${Reports} />`;
}

function Reports() {
  const { document: page, problem } = useDocument<Page<Report>>(
    `/balances?limit=${SHOWN}`,
    EVERY_MS,
  );
  const title = t({ en: 'Latest reports', tr: 'Son raporlar' });
  return html`<section class="card">
    <h2>${title}</h2>
    ${problem && !page && html`<${ProblemNote} problem=${problem} />`}
    ${page?.items.length === 0 && html`<${Nothing} />`}
    ${
      page &&
      page.items.length > 0 &&
      html`<${TableFrame} label=${title}>
        <thead>
          <tr>
            <th scope="col">${t({ en: 'Day', tr: 'Gün' })}</th>
            <th scope="col">${t({ en: 'Member', tr: 'Üye' })}</th>
            <th scope="col">${t({ en: 'State', tr: 'Durum' })}</th>
            <th scope="col" class="number">${t({ en: 'Rows', tr: 'Satır' })}</th>
            <th scope="col">${t({ en: 'Asked', tr: 'İstendi' })}</th>
            <th scope="col">${t({ en: 'Filters', tr: 'Süzgeçler' })}</th>
          </tr>
        </thead>
        <tbody>
          ${page.items.map((report) => html`<${ReportLine} key=${report.id} report=${report} />`)}
        </tbody>
      <//>`
    }
  </section>`;
}

function ReportLine({ report }: { report: Report }) {
  const { id, processDate, member, state, rowCount, createdAt, filters } = report;
  return html`<tr>
    <td><a href=${linkTo(`balances/${id}`)}>${dayText(processDate)}</a></td>
    <td>${member}</td>
    <td><${StateBadge} state=${state} /></td>
    <td class="number">${rowCount === undefined ? '' : countText(rowCount)}</td>
    <td>${timeText(createdAt)}</td>
    <td><${FilterChips} filters=${filters} /></td>
  </tr>`;
}
