/** Member, day and filters, as they were last. */
import { useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem } from '../../lib/documents.ts';
import { t } from '../../lib/language.ts';
import { lastAsked, remember } from '../../lib/remembered.ts';
import { goTo } from '../../lib/route.ts';
import { DayField } from '../../parts/day-field.ts';
import { FilterFields, filtersOf, textOf } from '../../parts/filters.ts';
import { html } from '../../parts/html.ts';
import { MemberField } from '../../parts/member-field.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { askFor } from './ask.ts';

export function AskForm({ members }: { members: readonly string[] }) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const last = lastAsked();
  const ask = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const asked = {
      member: textOf(data, 'member'),
      processDate: textOf(data, 'day').replaceAll('-', ''),
      filters: filtersOf(data),
    };
    remember({ member: asked.member, filters: asked.filters });
    setBusy(true);
    setProblem(undefined);
    try {
      goTo(`balances/${await askFor({ ...asked, refresh: data.has('refresh') })}`);
    } catch (error) {
      setProblem(problemFor(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void ask(event.currentTarget as HTMLFormElement);
  };
  return html`<form class="card" onSubmit=${submit}>
    <h2>${t({ en: 'Ask for a day', tr: 'Bir günü iste' })}</h2>
    <div class="fields">
      <${MemberField} members=${members} />
      <${DayField} />
      <button class="primary" disabled=${isBusy}>
        ${isBusy ? t({ en: 'Asking …', tr: 'İsteniyor …' }) : t({ en: 'Get the balances', tr: 'Bakiyeleri getir' })}
      </button>
    </div>
    <${FilterFields} values=${last.filters} />
    <label class="tick">
      <input type="checkbox" name="refresh" />
      ${t({ en: 'Ask MKS anew, even if the report is there', tr: 'Rapor olsa da MKS’den yeniden iste' })}
    </label>
    ${problem && html`<${ProblemNote} problem=${problem} />`}
  </form>`;
}
