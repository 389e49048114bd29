/** What to do about days whose reports are not there: ask for them from here. */
import { useState } from 'preact/hooks';
import { problemFor } from '../lib/api.ts';
import type { Filters, Problem } from '../lib/documents.ts';
import { dayText } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { goTo } from '../lib/route.ts';
import { html } from '../parts/html.ts';
import { ProblemNote } from '../parts/problem-note.ts';
import { askFor } from './balances/ask.ts';

interface MissingDaysProps {
  member: string;
  filters: Filters;
  days: readonly string[];
}

export function MissingDays({ member, filters, days }: MissingDaysProps) {
  const [problem, setProblem] = useState<Problem>();
  const ask = async (processDate: string): Promise<void> => {
    try {
      goTo(`balances/${await askFor({ member, processDate, filters, refresh: false })}`);
    } catch (error) {
      setProblem(problemFor(error));
    }
  };
  return html`<div class="actions">
      ${days.map(
        (day) =>
          html`<button key=${day} type="button" onClick=${() => void ask(day)}>
            ${t({ en: `Get ${dayText(day)}`, tr: `${dayText(day)} gününü getir` })}
          </button>`,
      )}
    </div>
    ${problem && html`<${ProblemNote} problem=${problem} />`}`;
}
