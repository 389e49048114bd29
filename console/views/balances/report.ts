/** One report: how far it is, then its rows and what can be done with them, or why there are none. */
import { useState } from 'preact/hooks';
import type { Report } from '../../lib/documents.ts';
import { countText, dayText, timeText, weekdayBefore } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { Facts } from '../../parts/facts.ts';
import { FilterChips } from '../../parts/filters.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { isLive, StateBadge } from '../../parts/state.ts';
import { Timeline } from '../timeline.ts';
import { useReport } from './follow.ts';
import { Progress } from './progress.ts';
import { Rows } from './rows.ts';
import { RowDownloads } from './row-downloads.ts';

export function ReportView({ id }: { id: string }) {
  const { report, problem } = useReport(id);
  if (problem !== undefined) {
    return html`<h1>${t({ en: 'Report', tr: 'Rapor' })}</h1>
      <${ProblemNote} problem=${problem} />
      <p><a href=${linkTo('balances')}>${t({ en: 'To the reports', tr: 'Raporlara' })}</a></p>`;
  }
  if (report === undefined) {
    return html`<h1>${t({ en: 'Report', tr: 'Rapor' })}</h1>
      <p class="muted" role="status">${t({ en: 'Reading …', tr: 'Okunuyor …' })}</p>`;
  }
  const { member, processDate, state, filters } = report;
  return html`<div class="head">
      <h1>${member} · ${dayText(processDate)}</h1>
      <span role="status"><${StateBadge} state=${state} /></span>
      <${FilterChips} filters=${filters} />
    </div>
    <${Content} report=${report} />
    <${Said} report=${report} />`;
}

/** Closed at first: a look at it stands in the access trail. */
function Said({ report }: { report: Report }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details
    class="card"
    onToggle=${(event: { currentTarget: HTMLDetailsElement }) => setOpen(event.currentTarget.open)}
  >
    <summary>${t({ en: 'What was said to MKS', tr: 'MKS ile yazışmalar' })}</summary>
    ${isOpen && html`<${Timeline} report=${report} />`}
  </details>`;
}

function Content({ report }: { report: Report }) {
  const { state, problem } = report;
  if (isLive(state)) return html`<${Progress} report=${report} />`;
  if (state === 'ready') return html`<${Ready} report=${report} />`;
  return html`${problem && html`<${ProblemNote} problem=${problem} />`}
    <section class="card">
      <${ReportFacts} report=${report} />
      <p><a href=${linkTo('balances')}>${t({ en: 'Ask again', tr: 'Yeniden iste' })}</a></p>
    </section>`;
}

function Ready({ report }: { report: Report }) {
  const { remarks = [] } = report;
  return html`<section class="card">
      <${ReportFacts} report=${report} />
      ${remarks.length > 0 && html`<${Remarks} remarks=${remarks} />`}
      <${RowDownloads} report=${report} />
      <p>
        <a href=${changesLink(report)}>
          ${t({ en: 'Changes since the day before', tr: 'Bir önceki güne göre değişiklikler' })}
        </a>
        ${' · '}
        <a href=${linkTo('check')}>${t({ en: 'Check a ledger', tr: 'Defter kontrolü' })}</a>
      </p>
    </section>
    <${Rows} report=${report} />`;
}

function changesLink({ member, processDate, filters }: Report): string {
  return linkTo('changes', {
    member,
    from: weekdayBefore(processDate),
    to: processDate,
    ...filters,
  });
}

function ReportFacts({ report }: { report: Report }) {
  const { rowCount, readyAt, createdAt, expiresAt, refId, mks } = report;
  return html`<${Facts}
    facts=${[
      rowCount === undefined
        ? undefined
        : { name: t({ en: 'Rows', tr: 'Satır' }), value: countText(rowCount), isLarge: true },
      { name: t({ en: 'Asked', tr: 'İstendi' }), value: timeText(createdAt) },
      readyAt === undefined
        ? undefined
        : { name: t({ en: 'Ready', tr: 'Hazır' }), value: timeText(readyAt) },
      { name: t({ en: 'Kept until', tr: 'Saklanma sonu' }), value: timeText(expiresAt) },
      refId === undefined ? undefined : { name: 'refId', value: html`<code>${refId}</code>` },
      mks === undefined
        ? undefined
        : { name: t({ en: 'MKS code', tr: 'MKS kodu' }), value: html`<code>${mks.code}</code>` },
    ]}
  />`;
}

const REMARKS = {
  'other-member': { en: 'Rows of another member', tr: 'Başka üyenin satırları' },
  'other-date': { en: 'Rows of another day', tr: 'Başka günün satırları' },
  'missing-column': { en: 'A column is missing', tr: 'Eksik kolon' },
  'unknown-column': { en: 'A column that is not known', tr: 'Bilinmeyen kolon' },
  'unknown-code': { en: 'A code that is not known', tr: 'Bilinmeyen kod' },
} as const;

function Remarks({ remarks }: { remarks: NonNullable<Report['remarks']> }) {
  return html`<div class="note warn">
    <h2>${t({ en: 'Worth a look', tr: 'Dikkat' })}</h2>
    <ul>
      ${remarks.map(({ remark, detail, count }) => {
        const text = REMARKS[remark as keyof typeof REMARKS];
        return html`<li>
          ${text === undefined ? remark : t(text)}: <code>${detail}</code> (${countText(count)})
        </li>`;
      })}
    </ul>
  </div>`;
}
