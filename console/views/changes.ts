/** `#/changes?member&from&to`: what differs between two days that are there. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError, problemFor, queryOf } from '../lib/api.ts';
import { getBounded } from '../lib/bounded.ts';
import { FILTER_NAMES, type Filters, type Member } from '../lib/documents.ts';
import { dayText, isoDay, istanbulDay, weekdayBefore } from '../lib/format.ts';
import { useDocument } from '../lib/hooks.ts';
import { language, t, type Localised } from '../lib/language.ts';
import { lastAsked, remember } from '../lib/remembered.ts';
import { goTo, route } from '../lib/route.ts';
import { CountFacts } from '../parts/count-facts.ts';
import { Downloads } from '../parts/download.ts';
import { FilterFields, filtersOf, textOf } from '../parts/filters.ts';
import { html } from '../parts/html.ts';
import { ListTable, type Column } from '../parts/list-table.ts';
import { MemberField } from '../parts/member-field.ts';
import { positionColumns, type Position } from '../parts/position.ts';
import { ProblemNote } from '../parts/problem-note.ts';
import { MissingDays } from './missing-days.ts';

interface Change extends Position {
  change: keyof typeof CHANGES;
  before?: string;
  after?: string;
  difference: string;
}

interface Answer {
  changes: Change[];
  counts: Record<string, number>;
}

const CHANGES = {
  added: { en: 'New', tr: 'Yeni' },
  removed: { en: 'Gone', tr: 'Kalktı' },
  changed: { en: 'Changed', tr: 'Değişti' },
} satisfies Record<string, Localised>;

const COUNTS = {
  ...CHANGES,
  same: { en: 'Unchanged', tr: 'Aynı' },
} satisfies Record<string, Localised>;

interface Wanted {
  member: string;
  from: string;
  to: string;
  filters: Filters;
}

export function Changes() {
  const { document: members, problem } = useDocument<{ items: Member[] }>('/members');
  const wanted = wantedIn(route.value.query);
  return html`<h1>${t({ en: 'Changes', tr: 'Değişiklikler' })}</h1>
    ${problem && !members && html`<${ProblemNote} problem=${problem} />`}
    ${members && html`<${WhichDays} members=${members.items.map(({ member }) => member)} wanted=${wanted} />`}
    ${wanted && html`<${Found} key=${JSON.stringify(wanted)} wanted=${wanted} />`}`;
}

function wantedIn(query: URLSearchParams): Wanted | undefined {
  const [member, from, to] = ['member', 'from', 'to'].map((name) => query.get(name) ?? '');
  if (!member || !from || !to) return undefined;
  const filters = FILTER_NAMES.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { member, from, to, filters: Object.fromEntries(filters) };
}

function WhichDays({
  members,
  wanted,
}: {
  members: readonly string[];
  wanted: Wanted | undefined;
}) {
  const today = istanbulDay(Date.now());
  const to = wanted?.to ?? weekdayBefore(today);
  const from = wanted?.from ?? weekdayBefore(to);
  const compare = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const member = textOf(data, 'member');
    const filters = filtersOf(data);
    remember({ member, filters });
    const day = (name: string): string => textOf(data, name).replaceAll('-', '');
    goTo('changes', { member, from: day('from'), to: day('to'), ...filters });
  };
  return html`<form class="card" onSubmit=${compare}>
    <h2>${t({ en: 'Compare two days', tr: 'İki günü karşılaştır' })}</h2>
    <div class="fields">
      <${MemberField} members=${members} chosen=${wanted?.member} />
      <label class="field">
        <span>${t({ en: 'From', tr: 'Önceki gün' })}</span>
        <input type="date" name="from" required max=${isoDay(today)} defaultValue=${isoDay(from)} />
      </label>
      <label class="field">
        <span>${t({ en: 'To', tr: 'Sonraki gün' })}</span>
        <input type="date" name="to" required max=${isoDay(today)} defaultValue=${isoDay(to)} />
      </label>
      <button class="primary">${t({ en: 'Compare', tr: 'Karşılaştır' })}</button>
    </div>
    <${FilterFields} values=${wanted?.filters ?? lastAsked().filters} />
  </form>`;
}

function Found({ wanted }: { wanted: Wanted }) {
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<unknown>();
  const { member, from, to, filters } = wanted;
  const path = `/balances/changes${queryOf({ member, from, to, ...filters })}`;
  const spoken = language.value;
  useEffect(() => {
    const controller = new AbortController();
    setError(undefined);
    getBounded<Answer>(path, { headers: { accept: 'application/json' }, signal: controller.signal })
      .then(setAnswer)
      .catch((thrown: unknown) => controller.signal.aborted || setError(thrown));
    return () => controller.abort();
  }, [path, spoken]);
  if (error !== undefined) {
    const isMissing = error instanceof ApiError && error.slug === 'conflict';
    return html`<${ProblemNote} problem=${problemFor(error)} />
      ${isMissing && html`<${MissingDays} member=${member} filters=${filters} days=${[from, to]} />`}`;
  }
  if (answer === undefined) {
    return html`<p role="status" class="muted">
      ${t({ en: 'Comparing …', tr: 'Karşılaştırılıyor …' })}
    </p>`;
  }
  const title = `${dayText(from)} → ${dayText(to)}`;
  return html`<section class="card">
    <h2>${member} · ${title}</h2>
    <${CountFacts} counts=${answer.counts} texts=${COUNTS} />
    <${Downloads}
      label=${t({ en: 'Download as', tr: 'İndir:' })}
      offers=${offersOf(path, wanted)}
    />
    <${ListTable} label=${title} items=${answer.changes} columns=${columnsFor(answer.changes)} />
  </section>`;
}

function offersOf(path: string, { member, from, to }: Wanted) {
  return [
    { text: 'Excel', format: 'xlsx' },
    { text: 'CSV', format: 'csv' },
    { text: 'JSON', format: 'json' },
  ].map(({ text, format }) => ({
    text,
    path: `${path}&format=${format}`,
    fileName: `MKK_${member}_${isoDay(from)}_${isoDay(to)}.${format}`,
  }));
}

function columnsFor(changes: readonly Change[]): Column<Change>[] {
  return [
    {
      name: 'change',
      text: t({ en: 'Change', tr: 'Değişiklik' }),
      valueOf: ({ change }) => t(CHANGES[change]),
    },
    ...positionColumns(changes),
    {
      name: 'before',
      text: t({ en: 'Before', tr: 'Önce' }),
      isAmount: true,
      valueOf: ({ before }) => before ?? '',
    },
    {
      name: 'after',
      text: t({ en: 'After', tr: 'Sonra' }),
      isAmount: true,
      valueOf: ({ after }) => after ?? '',
    },
    {
      name: 'difference',
      text: t({ en: 'Difference', tr: 'Fark' }),
      isAmount: true,
      valueOf: ({ difference }) => difference,
    },
  ];
}
