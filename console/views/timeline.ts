/** A report as the messages that were exchanged with MKS for it: reference, code, how long each took. */
import { queryOf } from '../lib/api.ts';
import type { Page, Report } from '../lib/documents.ts';
import { countText, durationText, timeText } from '../lib/format.ts';
import { useDocument } from '../lib/hooks.ts';
import { t, type Localised } from '../lib/language.ts';
import { html } from '../parts/html.ts';
import { ProblemNote } from '../parts/problem-note.ts';
import { isLive } from '../parts/state.ts';
import { Nothing, TableFrame } from '../parts/table.ts';

export interface Exchange {
  time: string;
  lastTime: string;
  service: string;
  refId?: string;
  senderReference: string;
  code?: string;
  httpStatus?: number;
  durationMs: number;
  outcome: keyof typeof OUTCOMES;
  answer?: string;
  count: number;
}

const OUTCOMES = {
  answered: { en: 'answered', tr: 'yanıtlandı' },
  refused: { en: 'refused', tr: 'reddedildi' },
  unknown: { en: 'no answer', tr: 'yanıtsız' },
} satisfies Record<string, Localised>;

/** Each look stands in the access trail: not more often than is of use. */
const EVERY_MS = 15_000;

export function Timeline({ report }: { report: Report }) {
  const { member, createdAt, state } = report;
  const path = `/exchanges${queryOf({ member, from: createdAt, limit: 200 })}`;
  const { document: page, problem } = useDocument<Page<Exchange>>(
    path,
    isLive(state) ? EVERY_MS : undefined,
  );
  if (problem !== undefined && page === undefined)
    return html`<${ProblemNote} problem=${problem} />`;
  const said = (page?.items ?? []).filter((exchange) => isAbout(exchange, report)).toReversed();
  if (said.length === 0) return html`<${Nothing} />`;
  const longest = Math.max(...said.map(({ durationMs }) => durationMs), 1);
  return html`<${TableFrame} label=${t({ en: 'Messages to MKS', tr: 'MKS mesajları' })}>
    <thead>
      <tr>
        <th scope="col">${t({ en: 'Time', tr: 'Zaman' })}</th>
        <th scope="col">${t({ en: 'Service', tr: 'Servis' })}</th>
        <th scope="col">${t({ en: 'Reference', tr: 'Referans' })}</th>
        <th scope="col">${t({ en: 'Code', tr: 'Kod' })}</th>
        <th scope="col" class="number">${t({ en: 'Times', tr: 'Kez' })}</th>
        <th scope="col">${t({ en: 'Took', tr: 'Süre' })}</th>
      </tr>
    </thead>
    <tbody>
      ${said.map((exchange) => html`<${ExchangeLine} key=${exchange.senderReference} exchange=${exchange} longest=${longest} />`)}
    </tbody>
  <//>`;
}

function ExchangeLine({ exchange, longest }: { exchange: Exchange; longest: number }) {
  const { time, lastTime, service, senderReference, code, outcome, count, durationMs } = exchange;
  return html`<tr>
    <td>${timeText(time)}${count > 1 && ` – ${timeText(lastTime)}`}</td>
    <td><code>${service.split('/').at(-1)}</code></td>
    <td><code>${senderReference}</code></td>
    <td>${code === undefined ? t(OUTCOMES[outcome]) : html`<code>${code}</code>`}</td>
    <td class="number">${countText(count)}</td>
    <td>
      <svg
        class="took"
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect width=${Math.max(1, (100 * durationMs) / longest)} height="8" />
      </svg>
      ${durationText(durationMs)}
    </td>
  </tr>`;
}

/** Whether a message was about the report: it named its refId, or was answered with it. */
export function isAbout({ refId, answer, senderReference }: Exchange, report: Report): boolean {
  if (senderReference === report.mks?.senderReference) return true;
  if (report.refId === undefined) return false;
  return refId === report.refId || saidIn(answer).includes(report.refId);
}

/** The text that MKK signed (RFC 7515 §3.1), to look into and for nothing else: the gateway has verified it. */
function saidIn(answer = ''): string {
  const payload = answer.split('.')[1] ?? '';
  try {
    return atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
