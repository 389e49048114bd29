/** A table of what the page holds: pages, search, and an order by any column. */
import { useState } from 'preact/hooks';
import { compareDecimals, toDecimal } from '../lib/decimal.ts';
import { amountText } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { html, type Children } from './html.ts';
import { Pager } from './pager.ts';
import { Nothing, SortHead, TableFrame } from './table.ts';

const SIZE = 50;

export interface Column<Item> {
  name: string;
  text: string;
  hint?: string;
  /** An exact decimal, shown and sorted as one. */
  isAmount?: boolean;
  /** Sentences, which may take several lines. */
  isProse?: boolean;
  /** What it is sorted and searched by; `''` stands last. */
  valueOf: (item: Item) => string;
  /** What is shown, where that is more than the value. */
  show?: (item: Item) => Children;
}

interface ListTableProps<Item> {
  label: string;
  items: readonly Item[];
  columns: readonly Column<Item>[];
}

export function ListTable<Item>({ label, items, columns }: ListTableProps<Item>) {
  const [search, setSearch] = useState('');
  const [offset, setOffset] = useState(0);
  const [sort, setSort] = useState<{ name: string; descending: boolean }>();
  const found = sorted(searched(items, columns, search), columns, sort);
  const page = found.slice(offset, offset + SIZE);
  const typed = (event: { currentTarget: HTMLInputElement }): void => {
    setSearch(event.currentTarget.value);
    setOffset(0);
  };
  if (items.length === 0) return html`<${Nothing} />`;
  return html`<label class="field search">
      <span>${t({ en: 'Search in all fields', tr: 'Bütün alanlarda ara' })}</span>
      <input type="search" value=${search} onInput=${typed} />
    </label>
    <${TableFrame} label=${label}>
      <thead>
        <tr>
          ${columns.map(
            ({ name, text, hint, isAmount }) =>
              html`<${SortHead}
                key=${name}
                text=${text}
                hint=${hint}
                isNumber=${isAmount === true}
                sorted=${sort?.name === name ? (sort.descending ? 'descending' : 'ascending') : undefined}
                onSort=${() => {
                  setSort({ name, descending: sort?.name === name && !sort.descending });
                  setOffset(0);
                }}
              />`,
          )}
        </tr>
      </thead>
      <tbody>
        ${page.map(
          (item, place) =>
            html`<tr key=${offset + place}>
              ${columns.map((column) => html`<${Cell} key=${column.name} column=${column} item=${item} />`)}
            </tr>`,
        )}
      </tbody>
    <//>
    <${Pager} offset=${offset} size=${SIZE} found=${found.length} onTurn=${setOffset} />`;
}

function Cell<Item>({ column, item }: { column: Column<Item>; item: Item }) {
  const value = column.valueOf(item);
  if (column.isAmount === true)
    return html`<td class="number">${value === '' ? '' : amountText(value)}</td>`;
  return html`<td class=${column.isProse === true ? 'prose' : ''}>
    ${column.show?.(item) ?? value}
  </td>`;
}

function searched<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  search: string,
): readonly Item[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return items;
  const number = wanted.replace('−', '-').replace(',', '.');
  return items.filter((item) =>
    columns.some(({ valueOf, isAmount }) =>
      valueOf(item)
        .toLowerCase()
        .includes(isAmount === true ? number : wanted),
    ),
  );
}

function sorted<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  sort: { name: string; descending: boolean } | undefined,
): readonly Item[] {
  const column = columns.find(({ name }) => name === sort?.name);
  if (column === undefined) return items;
  const { valueOf, isAmount } = column;
  const compare = (one: string, other: string): number => {
    if (isAmount === true) return compareDecimals(toDecimal(one), toDecimal(other));
    return Number(one > other) - Number(one < other);
  };
  const direction = sort?.descending === true ? -1 : 1;
  return items.toSorted((one, other) => {
    const [value, otherValue] = [valueOf(one), valueOf(other)];
    if (value === '' || otherValue === '') return Number(value === '') - Number(otherValue === '');
    return direction * compare(value, otherValue);
  });
}
