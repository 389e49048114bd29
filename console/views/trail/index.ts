/** `#/trail?from&to&client&member&action`: who did what, for auditors. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Page, Problem } from '../../lib/documents.ts';
import { isoDay, istanbulDay } from '../../lib/format.ts';
import { language, t } from '../../lib/language.ts';
import { goTo, route } from '../../lib/route.ts';
import { textOf } from '../../parts/filters.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { ACTIONS, type TrailEntry } from './documents.ts';
import { Entries } from './entries.ts';
import { Export } from './export.ts';
import { readTrail, type TrailFilter } from './read.ts';

export function Trail() {
  const filter = filterIn(route.value.query);
  return html`<h1>${t({ en: 'Access trail', tr: 'Erişim izi' })}</h1>
    <${FilterForm} filter=${filter} />
    <${Found} key=${JSON.stringify(filter)} filter=${filter} />`;
}

/** Today unless told: reading the trail stands in the trail, so nobody reads all of it by chance. */
function filterIn(query: URLSearchParams): TrailFilter {
  const today = istanbulDay(Date.now());
  const [client = '', member = '', action = ''] = ['client', 'member', 'action'].map(
    (name) => query.get(name) ?? '',
  );
  return { from: query.get('from') ?? today, to: query.get('to') ?? today, client, member, action };
}

function FilterForm({ filter }: { filter: TrailFilter }) {
  const search = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const day = (name: string): string => textOf(data, name).replaceAll('-', '');
    const [client, member, action] = ['client', 'member', 'action'].map((name) =>
      textOf(data, name),
    );
    goTo('trail', { from: day('from'), to: day('to'), client, member, action });
  };
  return html`<form class="card" onSubmit=${search}>
    <div class="fields">
      <label class="field">
        <span>${t({ en: 'From', tr: 'İlk gün' })}</span>
        <input type="date" name="from" required defaultValue=${isoDay(filter.from)} />
      </label>
      <label class="field">
        <span>${t({ en: 'To', tr: 'Son gün' })}</span>
        <input type="date" name="to" required defaultValue=${isoDay(filter.to)} />
      </label>
      <label class="field">
        <span>${t({ en: 'Client', tr: 'İstemci' })}</span>
        <input
          name="client"
          pattern="[A-Za-z0-9._:\\-]{1,128}"
          spellcheck=${false}
          defaultValue=${filter.client}
        />
      </label>
      <label class="field">
        <span>${t({ en: 'Member', tr: 'Üye' })}</span>
        <input
          name="member"
          pattern="[A-Z0-9]{3,8}"
          spellcheck=${false}
          defaultValue=${filter.member}
        />
      </label>
      <label class="field">
        <span>${t({ en: 'What was done', tr: 'Yapılan' })}</span>
        <select name="action">
          <option value="">${t({ en: 'anything', tr: 'hepsi' })}</option>
          ${Object.entries(ACTIONS).map(
            ([name, text]) =>
              html`<option key=${name} value=${name} selected=${name === filter.action}>
                ${t(text)}
              </option>`,
          )}
        </select>
      </label>
      <button class="primary">${t({ en: 'Show', tr: 'Göster' })}</button>
    </div>
  </form>`;
}

function Found({ filter }: { filter: TrailFilter }) {
  const [page, setPage] = useState<Page<TrailEntry>>();
  const [problem, setProblem] = useState<Problem>();
  const spoken = language.value;
  const read = async (cursor?: string): Promise<void> => {
    try {
      const { items, nextCursor } = await readTrail(filter, cursor);
      setPage((last) => ({
        items: cursor === undefined ? items : [...(last?.items ?? []), ...items],
        ...(nextCursor !== undefined && { nextCursor }),
      }));
      setProblem(undefined);
    } catch (error) {
      setProblem(problemFor(error));
    }
  };
  useEffect(() => void read(), [spoken]);
  if (problem !== undefined) return html`<${ProblemNote} problem=${problem} />`;
  if (page === undefined)
    return html`<p role="status" class="muted">${t({ en: 'Reading …', tr: 'Okunuyor …' })}</p>`;
  const { items, nextCursor } = page;
  return html`<section class="card">
    <${Export} filter=${filter} />
    <${Entries} entries=${items} />
    ${
      nextCursor !== undefined &&
      html`<p>
        <button type="button" onClick=${() => void read(nextCursor)}>
          ${t({ en: 'Older ones', tr: 'Daha eskileri' })}
        </button>
      </p>`
    }
  </section>`;
}
