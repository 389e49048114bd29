/** Standing orders, where there are any: what is asked for day by day, and what became of each day. */
import { dayText, timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t, type Localised } from '../../lib/language.ts';
import { linkTo } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { Badge, type Tone } from '../../parts/state.ts';
import { TableFrame } from '../../parts/table.ts';

interface OrderDay {
  processDate: string;
  state: string;
  late?: boolean;
  report?: string;
}

interface Order {
  name: string;
  member: string;
  at: string;
  nextRunAt?: string;
  dates: OrderDay[];
}

const STATES: Record<string, { tone: Tone; text: Localised }> = {
  ready: { tone: 'good', text: { en: 'ready', tr: 'hazır' } },
  waiting: { tone: 'busy', text: { en: 'under way', tr: 'sürüyor' } },
  missing: { tone: 'warn', text: { en: 'missing', tr: 'eksik' } },
  failed: { tone: 'bad', text: { en: 'failed', tr: 'başarısız' } },
};

export function Orders() {
  const { document: orders } = useDocument<{ items: Order[] }>('/standing-orders', 15_000);
  // A gateway without orders, or that does not know them yet.
  if (orders === undefined || orders.items.length === 0) return null;
  const title = t({ en: 'Standing orders', tr: 'Sürekli talimatlar' });
  return html`<section class="card">
    <h2>${title}</h2>
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
        ${orders.items.map(
          ({ name, member, at, nextRunAt, dates }) =>
            html`<tr key=${name}>
              <th scope="row">${name}</th>
              <td>${member}</td>
              <td>${nextRunAt === undefined ? at : timeText(nextRunAt)}</td>
              <td>
                <ul class="plain">
                  ${dates.map((day) => html`<${DayLine} key=${day.processDate} day=${day} />`)}
                </ul>
              </td>
            </tr>`,
        )}
      </tbody>
    <//>
  </section>`;
}

function DayLine({ day: { processDate, state, late, report } }: { day: OrderDay }) {
  const { tone, text } = STATES[state] ?? { tone: 'plain', text: { en: state, tr: state } };
  const date = dayText(processDate);
  return html`<li>
    ${report === undefined ? date : html`<a href=${linkTo(`balances/${report}`)}>${date}</a>`}
    ${' '}<${Badge} tone=${tone}>${t(text)}<//>
    ${late === true && state !== 'ready' && html` <b>${t({ en: 'late', tr: 'gecikti' })}</b>`}
  </li>`;
}
