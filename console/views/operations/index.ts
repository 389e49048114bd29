/** `#/operations`: what whoever runs the gateway looks at, at one in the morning as at noon. */
import type { Member, Page, Report } from '../../lib/documents.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Failures } from './failures.ts';
import { Members } from './members.ts';
import { Orders } from './orders.ts';
import { Plots } from './plots.ts';
import { Queue } from './queue.ts';
import { Running } from './running.ts';
import { Upstream } from './upstream.ts';

const EVERY_MS = 5_000;
const MOST = 200;

export function Operations() {
  const members = useDocument<{ items: Member[] }>('/members', EVERY_MS);
  const queued = useDocument<Page<Report>>(`/balances?state=queued&limit=${MOST}`, EVERY_MS);
  const preparing = useDocument<Page<Report>>(`/balances?state=preparing&limit=${MOST}`, EVERY_MS);
  const { problem } = members;
  return html`<h1>${t({ en: 'Operations', tr: 'İşletim' })}</h1>
    <${Upstream} />
    ${problem && !members.document && html`<${ProblemNote} problem=${problem} onRetry=${members.again} />`}
    ${members.document && html`<${Members} members=${members.document.items} onChange=${members.again} />`}
    <${Queue} queued=${queued.document} preparing=${preparing.document} />
    ${preparing.document && html`<${Running} reports=${preparing.document.items} />`}
    <${Failures} />
    <${Orders} />
    <${Plots} />`;
}
