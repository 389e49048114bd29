/** A failure for the person who meets it: what, what to do, who mends it, and where to read on. */
import { addressOf } from '../lib/api.ts';
import type { Problem } from '../lib/documents.ts';
import { timeText } from '../lib/format.ts';
import { useDocument } from '../lib/hooks.ts';
import { language, t, type Localised } from '../lib/language.ts';
import { html } from './html.ts';

interface ResultCode {
  code: string;
  meaning: string;
  mends: keyof typeof MENDERS;
  retryable: boolean;
}

const MENDERS = {
  nobody: { en: 'Nobody has to: it passes by itself.', tr: 'Kimse: kendiliğinden geçer.' },
  caller: {
    en: 'You: ask again with other values.',
    tr: 'Siz: değerleri düzeltip yeniden isteyin.',
  },
  member: {
    en: 'The member’s chief user, in the screens of MKK.',
    tr: 'Üyenin ana yetkilisi, MKK ekranlarından.',
  },
  gateway: { en: 'The operator of this gateway.', tr: 'Bu geçidin operatörü.' },
  mkk: { en: 'MKK.', tr: 'MKK.' },
} satisfies Record<string, Localised>;

const OUTCOMES = {
  'not-sent': { en: 'Nothing was sent to MKS.', tr: 'MKS’ye hiçbir şey gönderilmedi.' },
  refused: { en: 'MKS has refused it.', tr: 'MKS reddetti.' },
  unknown: {
    en: 'It may or may not have arrived at MKS.',
    tr: 'MKS’ye ulaşmış da olabilir, ulaşmamış da.',
  },
} satisfies Record<string, Localised>;

/** @param onRetry when the reader can try again from here. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const code = problem.mks?.code;
  const codes = useDocument<{ items: ResultCode[] }>(
    code === undefined ? undefined : '/result-codes',
  );
  const known = codes.document?.items.find((entry) => entry.code === code);
  const { errors = [], hint, outcome, requestId, senderReference, opensAt } = problem;
  return html`<div class="note bad" role="alert">
    <h2>${problem.title}</h2>
    <p>${problem.detail}</p>
    ${
      errors.length > 0 &&
      html`<ul>
        ${errors.map(({ path, message }) => html`<li><code>${path}</code> ${message}</li>`)}
      </ul>`
    }
    ${hint !== undefined && hint !== problem.detail && html`<p>${hint}</p>`}
    ${known && html`<p><b>${t({ en: 'Who mends it:', tr: 'Kim düzeltir:' })}</b> ${t(MENDERS[known.mends])}</p>`}
    ${opensAt && html`<p>${t({ en: 'MKS opens:', tr: 'MKS açılışı:' })} ${timeText(opensAt)}</p>`}
    ${outcome && html`<p>${t(OUTCOMES[outcome])}</p>`}
    <${Particulars}
      code=${code}
      reference=${senderReference ?? problem.mks?.senderReference}
      requestId=${requestId}
    />
    <p class="actions">
      ${onRetry && html`<button type="button" onClick=${onRetry}>${t({ en: 'Try again', tr: 'Yeniden dene' })}</button>`}
      ${
        problem.type !== '' &&
        html`<a
          href=${`${addressOf(problem.type)}?lang=${language.value}`}
          target="_blank"
          rel="noreferrer"
        >
          ${t({ en: 'About this problem', tr: 'Bu sorun hakkında' })}
        </a>`
      }
    </p>
  </div>`;
}

/** What support will ask for. */
function Particulars(given: { code?: string; reference?: string; requestId?: string }) {
  const named = [
    [t({ en: 'MKS code', tr: 'MKS kodu' }), given.code],
    [t({ en: 'Reference', tr: 'Referans' }), given.reference],
    [t({ en: 'Request', tr: 'İstek' }), given.requestId],
  ].filter(([, value]) => value !== undefined);
  if (named.length === 0) return null;
  return html`<p class="small muted">
    ${named.map(([name, value], place) => html`${place > 0 && ' · '}${name} <code>${value}</code>`)}
  </p>`;
}
