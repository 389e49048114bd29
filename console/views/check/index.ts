/** `#/check`: a ledger against a day; `#/check/{id}`: a check that was made. */
import { useState } from 'preact/hooks';
import type { Member } from '../../lib/documents.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t } from '../../lib/language.ts';
import { route } from '../../lib/route.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { EarlierChecks, EarlierCheck } from './earlier.ts';
import { NewCheck } from './new-check.ts';

export function Check() {
  const { document: members, problem } = useDocument<{ items: Member[] }>('/members');
  const [checked, setChecked] = useState(0);
  const [, id] = route.value.path;
  const title = html`<h1>${t({ en: 'Check a ledger', tr: 'Defter kontrolü' })}</h1>`;
  if (id !== undefined) return html`${title}<${EarlierCheck} key=${id} id=${id} />`;
  return html`${title} ${problem && !members && html`<${ProblemNote} problem=${problem} />`}
    ${members && html`<${NewCheck} members=${members.items.map(({ member }) => member)} onChecked=${() => setChecked(checked + 1)} />`}
    <${EarlierChecks} key=${checked} />`;
}
