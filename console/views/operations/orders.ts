/** Standing orders, where there are any: what is asked for day by day, and what became of each day. */
import { useState } from 'preact/hooks';
import { call, problemFor } from '../../lib/api.ts';
import type { Problem } from '../../lib/documents.ts';
import { dayText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t, type Localised } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Badge, type Tone } from '../../parts/state.ts';
import { TableFrame } from '../../parts/table.ts';

interface OrderDay {
  processDate: string;
  state: string;
  late: boolean;
  report?: string;
}

interface Order {
  name: string;
  member: string;
  nextRunAt: string;
  dates: OrderDay[];
}

const STATES: Record<string, { tone: Tone; text: Localised }> = {
  ready: { tone: 'good', text: { en: 'ready', tr: 'hazır' } },
  waiting: { tone: 'busy', text: { en: 'under way', tr: 'sürüyor' } },
  missing: { tone: 'warn', text: { en: 'missing', tr: 'eksik' } },
  failed: { tone: 'bad', text: { en: 'failed', tr: 'başarısız' } },
};

export function Orders() {
  const orders = useDocument<{ items: Order[] }>('/standing-orders', 15_000);
  const [problem, setProblem] = useState<Problem>();
  const run = async (name: string, processDate: string): Promise<void> => {
    setProblem(undefined);
    try {
      await call(`/standing-orders/${encodeURIComponent(name)}/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ processDate }),
      });
      orders.again();
    } catch (error) {
      setProblem(problemFor(error));
    }
  };
  const { document: page } = orders;
  if (page === undefined || page.items.length === 0) return null;
  const title = t({ en: 'Standing orders', tr: 'Sürekli talimatlar' });
  return html`<section class="card">
    <h2>${title}</h2>
    ${problem && html`<${ProblemNote} problem=${problem} />`}
    <${TableFrame} label=${title}>
      <thead>
        <tr>
          <th scope="col">${t({ en: 'Order', tr: 'Talimat' })}</th>
          <th scope="col">${t({ en: 'Member', tr: 'Üye' })}</th>
          <th scope="col">${t({ en: 'Next run', tr: 'Sonraki' })}</th>
          <th scope="col">${t({ en: 'Days', tr: 'Günler' })}</th>
        </tr>
      </thead>
      <tbody>
        ${page.items.map(
          (order) =>
            html`<${OrderLine}
              key=${order.name}
              order=${order}
              onRun=${(day: string) => void run(order.name, day)}
            />`,
        )}
      </tbody>
    <//>
  </section>`;
}

function OrderLine({ order, onRun }: { order: Order; onRun: (processDate: string) => void }) {
  const { name, member, nextRunAt, dates } = order;
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${member}</td>
    <td>${timeText(nextRunAt)}</td>
    <td>
      <ul class="plain">
        ${dates.map((day) => html`<${DayLine} key=${day.processDate} day=${day} onRun=${() => onRun(day.processDate)} />`)}
      </ul>
    </td>
  </tr>`;
}

function DayLine({ day, onRun }: { day: OrderDay; onRun: () => void }) {
  const { processDate, state, late, report } = day;
  const { tone, text } = STATES[state] ?? { tone: 'plain', text: { en: state, tr: state } };
  const date = dayText(processDate);
  const run = t({ en: 'Run now', tr: 'Şimdi çalıştır' });
  return html`<li class="actions">
    ${report === undefined ? html`<span>${date}</span>` : html`<a href=${linkTo(`balances/${report}`)}>${date}</a>`}
    <${Badge} tone=${tone}>${t(text)}<//>
    ${late && state !== 'ready' && html`<b>${t({ en: 'late', tr: 'gecikti' })}</b>`}
    ${
      (state === 'missing' || state === 'failed') &&
      html`<button type="button" onClick=${onRun} aria-label=${`${run}: ${date}`}>${run}</button>`
    }
  </li>`;
}
