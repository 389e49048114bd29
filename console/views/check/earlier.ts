/** Checks that were made, where the gateway keeps them. */
import type { Page } from '../../lib/documents.ts';
import { countText, dayText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { TableFrame } from '../../parts/table.ts';
import { Breaks } from './breaks.ts';
import type { CheckAnswer, CheckRecord } from './documents.ts';

const SHOWN = 20;

export function EarlierChecks() {
  const { document: page } = useDocument<Page<CheckRecord>>(`/balances/checks?limit=${SHOWN}`);
  // A gateway that keeps none knows no such list.
  if (page === undefined || page.items.length === 0) return null;
  const title = t({ en: 'Earlier checks', tr: 'Önceki kontroller' });
  return html`<section class="card">
    <h2>${title}</h2>
    <${TableFrame} label=${title}>
      <thead>
        <tr>
          <th scope="col">${t({ en: 'Made', tr: 'Yapıldı' })}</th>
          <th scope="col">${t({ en: 'Ledger', tr: 'Defter' })}</th>
          <th scope="col">${t({ en: 'Member', tr: 'Üye' })}</th>
          <th scope="col">${t({ en: 'Day', tr: 'Gün' })}</th>
          <th scope="col" class="number">${t({ en: 'Agree', tr: 'Uyuşan' })}</th>
          <th scope="col" class="number">${t({ en: 'Breaks', tr: 'Fark' })}</th>
        </tr>
      </thead>
      <tbody>
        ${page.items.map((check) => html`<${CheckLine} key=${check.id} check=${check} />`)}
      </tbody>
    <//>
  </section>`;
}

function CheckLine({ check }: { check: CheckRecord }) {
  const { id, createdAt, ledger, member, processDate, counts } = check;
  const { matched = 0, onlyInLedger = 0, onlyAtMks = 0, different = 0 } = counts;
  return html`<tr>
    <td>
      <a href=${linkTo(`check/${id ?? ''}`)}
        >${createdAt === undefined ? id : timeText(createdAt)}</a
      >
    </td>
    <td>${ledger}</td>
    <td>${member}</td>
    <td>${dayText(processDate)}</td>
    <td class="number">${countText(matched)}</td>
    <td class="number">${countText(onlyInLedger + onlyAtMks + different)}</td>
  </tr>`;
}

export function EarlierCheck({ id }: { id: string }) {
  const { document: check, problem } = useDocument<CheckAnswer>(
    `/balances/checks/${encodeURIComponent(id)}`,
  );
  if (problem !== undefined) return html`<${ProblemNote} problem=${problem} />`;
  if (check === undefined)
    return html`<p role="status" class="muted">${t({ en: 'Reading …', tr: 'Okunuyor …' })}</p>`;
  return html`<${Breaks} check=${check} />`;
}
