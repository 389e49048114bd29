/** The filters of a report, to be filled in and to be shown. */
import { FILTER_NAMES, type Filters } from '../lib/documents.ts';
import { t } from '../lib/language.ts';
import { FILTER_FIELDS } from './fields.ts';
import { html } from './html.ts';

/** @param values as they were last. */
export function FilterFields({ values }: { values: Filters }) {
  const used = FILTER_NAMES.filter((name) => values[name] !== undefined).length;
  return html`<details open=${used > 0}>
    <summary>${t({ en: 'Only a part of them', tr: 'Yalnız bir bölümü' })}</summary>
    <div class="fields">
      ${FILTER_NAMES.map((name) => {
        const { pattern, example } = FILTER_FIELDS[name];
        return html`<label class="field" key=${name}>
          <span>${t(FILTER_FIELDS[name])}</span>
          <input
            name=${name}
            pattern=${pattern}
            placeholder=${example}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck=${false}
            defaultValue=${values[name] ?? ''}
            onInput=${capitals}
          />
        </label>`;
      })}
    </div>
  </details>`;
}

/** MKS's codes are capitals; in Turkish a small i must not become İ. */
function capitals({ currentTarget: field }: { currentTarget: HTMLInputElement }): void {
  const { selectionStart } = field;
  field.value = field.value.replaceAll('ı', 'I').replaceAll('İ', 'I').toUpperCase();
  field.setSelectionRange(selectionStart, selectionStart);
}

/** What a form's filter fields hold. */
export function filtersOf(data: FormData): Filters {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = textOf(data, name);
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** A field of a form as text without white space around it. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

export function FilterChips({ filters }: { filters: Filters }) {
  const set = FILTER_NAMES.flatMap((name) => {
    const value = filters[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (set.length === 0) {
    return html`<span class="muted">${t({ en: 'All balances', tr: 'Bütün bakiyeler' })}</span>`;
  }
  return html`<ul class="chips" aria-label=${t({ en: 'Filters', tr: 'Süzgeçler' })}>
    ${set.map(({ name, value }) => html`<li key=${name}>${t(FILTER_FIELDS[name])}: <b>${value}</b></li>`)}
  </ul>`;
}

/** Whether two reports hold the same part of the balances. */
export function sameFilters(one: Filters, other: Filters): boolean {
  return FILTER_NAMES.every((name) => one[name] === other[name]);
}
