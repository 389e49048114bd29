/** What waits, in its order, and for what. */
import type { Page, Report } from '../../lib/documents.ts';
import { countText, dayText, elapsedText, timeText } from '../../lib/format.ts';
import { useNow } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { StateBadge, waitingText } from '../../parts/state.ts';
import { Nothing, TableFrame } from '../../parts/table.ts';

interface QueueProps {
  queued: Page<Report> | undefined;
  preparing: Page<Report> | undefined;
}

export function Queue({ queued, preparing }: QueueProps) {
  const now = useNow(true);
  const title = t({ en: 'Queue', tr: 'Sıra' });
  const reports = [...(preparing?.items ?? []), ...(queued?.items ?? []).toSorted(byPosition)];
  return html`<section class="card">
    <h2>
      ${title}${' '}
      <span class="muted"
        >${countText(reports.length)}${queued?.nextCursor === undefined ? '' : '+'}</span
      >
    </h2>
    ${
      reports.length === 0
        ? html`<${Nothing}>${t({ en: 'Nobody waits.', tr: 'Bekleyen yok.' })}<//>`
        : html`<${TableFrame} label=${title}>
            <thead>
              <tr>
                <th scope="col" class="number">${t({ en: 'Position', tr: 'Yer' })}</th>
                <th scope="col">${t({ en: 'Report', tr: 'Rapor' })}</th>
                <th scope="col">${t({ en: 'State', tr: 'Durum' })}</th>
                <th scope="col">${t({ en: 'Waits for', tr: 'Neyi bekliyor' })}</th>
                <th scope="col" class="number">${t({ en: 'Age', tr: 'Yaş' })}</th>
                <th scope="col">${t({ en: 'Expected', tr: 'Beklenen' })}</th>
              </tr>
            </thead>
            <tbody>
              ${reports.map((report) => html`<${QueueLine} key=${report.id} report=${report} now=${now} />`)}
            </tbody>
          <//>`
    }
  </section>`;
}

/** Of each member its own order; those whose place is not known stand last. */
function byPosition(one: Report, other: Report): number {
  const placeOf = ({ queue }: Report): number => queue?.position ?? Number.MAX_SAFE_INTEGER;
  return one.member.localeCompare(other.member) || placeOf(one) - placeOf(other);
}

function QueueLine({ report, now }: { report: Report; now: number }) {
  const { id, member, processDate, state, queue, waiting, estimate, createdAt } = report;
  return html`<tr>
    <td class="number">${queue?.position ?? ''}</td>
    <td><a href=${linkTo(`balances/${id}`)}>${member} · ${dayText(processDate)}</a></td>
    <td><${StateBadge} state=${state} /></td>
    <td class="prose">
      ${waiting && waitingText(waiting.for)}
      ${waiting?.retryAt && html`<div class="small muted">${t({ en: 'next try', tr: 'sonraki deneme' })} ${timeText(waiting.retryAt)}</div>`}
    </td>
    <td class="number">${elapsedText(now - Date.parse(createdAt))}</td>
    <td>${estimate && timeText(estimate.readyAt)}</td>
  </tr>`;
}
