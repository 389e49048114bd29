/** A report that is not ready: where it stands, what it waits for, how long it has taken and will take. */
import { useState } from 'preact/hooks';
import { call, problemFor } from '../../lib/api.ts';
import type { Problem, Report } from '../../lib/documents.ts';
import { countText, elapsedText, timeText } from '../../lib/format.ts';
import { useNow } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { Facts } from '../../parts/facts.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { waitingText } from '../../parts/state.ts';

export function Progress({ report }: { report: Report }) {
  const now = useNow(true);
  const { createdAt, queue, estimate, waiting, startsAt } = report;
  const begun = Date.parse(createdAt);
  const position = queue?.position ?? 0;
  return html`<section class="card">
    <div role="status"><h2>${stepText(report)}</h2></div>
    <${Bar} begun=${begun} now=${now} ends=${estimate && Date.parse(estimate.readyAt)} />
    <${Facts}
      facts=${[
        position === 0
          ? undefined
          : {
              name: t({ en: 'Position in the queue', tr: 'Sıradaki yeri' }),
              value: countText(position),
              isLarge: true,
            },
        {
          name: t({ en: 'Time passed', tr: 'Geçen süre' }),
          value: elapsedText(now - begun),
          isLarge: true,
        },
        estimate === undefined
          ? undefined
          : {
              name: t({ en: 'Expected at', tr: 'Beklenen' }),
              value: timeText(estimate.readyAt),
              isLarge: true,
            },
        startsAt === undefined
          ? undefined
          : {
              name: t({ en: 'Starts', tr: 'Başlangıç' }),
              value: timeText(startsAt),
              isLarge: true,
            },
      ]}
    />
    ${waiting && html`<${Waiting} waiting=${waiting} />`}
    <${TakeBack} report=${report} />
  </section>`;
}

function stepText({ state, queue }: Report): string {
  if (state === 'preparing')
    return t({ en: 'MKS is making the report', tr: 'MKS raporu hazırlıyor' });
  return (queue?.position ?? 0) === 0
    ? t({ en: 'Being asked for at MKS', tr: 'MKS’den isteniyor' })
    : t({ en: 'In the queue', tr: 'Sırada' });
}

/** Without an estimate it only shows that something goes on. */
function Bar({ begun, now, ends }: { begun: number; now: number; ends: number | undefined }) {
  const label = t({ en: 'Progress', tr: 'İlerleme' });
  if (ends === undefined || ends <= begun) return html`<progress aria-label=${label} />`;
  const share = Math.min(0.98, (now - begun) / (ends - begun));
  return html`<progress aria-label=${label} max="1" value=${share} />`;
}

function Waiting({ waiting }: { waiting: NonNullable<Report['waiting']> }) {
  const { retryAt, since, detail } = waiting;
  return html`<div class="note">
    <p>${waitingText(waiting.for)}</p>
    <p class="small muted">
      ${t({ en: 'Since', tr: 'Başlangıç:' })} ${timeText(since)}
      ${retryAt !== undefined && ` · ${t({ en: 'next try', tr: 'sonraki deneme' })} ${timeText(retryAt)}`}
      ${detail !== undefined && ` · ${detail}`}
    </p>
  </div>`;
}

/** While it is queued: what MKS has cannot be taken back. */
function TakeBack({ report: { id, state } }: { report: Report }) {
  const [problem, setProblem] = useState<Problem>();
  const [isTaken, setTaken] = useState(false);
  const takeBack = async (): Promise<void> => {
    try {
      await call(`/balances/${id}`, { method: 'DELETE' });
      setTaken(true);
    } catch (error) {
      setProblem(problemFor(error));
    }
  };
  if (state !== 'queued') return null;
  return html`<div class="actions">
      <button type="button" disabled=${isTaken} onClick=${() => void takeBack()}>
        ${t({ en: 'Cancel the request', tr: 'İsteği iptal et' })}
      </button>
      ${
        isTaken &&
        html`<span role="status" class="muted">
          ${t({
            en: 'Taken back. If others wait for the same report, it goes on for them.',
            tr: 'Vazgeçildi. Aynı raporu bekleyen başkaları varsa onlar için sürer.',
          })}
        </span>`
      }
    </div>
    ${problem && html`<${ProblemNote} problem=${problem} />`}`;
}
