/** Fifty rows of a report at a time, in the order of any column. */
import { useEffect, useState } from 'preact/hooks';
import { ROW_FIELDS, type Row, type RowField } from '../../lib/documents.ts';
import { amountText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { FIELD_TEXTS } from '../../parts/fields.ts';
import { html } from '../../parts/html.ts';
import { Pager } from '../../parts/pager.ts';
import { Nothing, SortHead, TableFrame } from '../../parts/table.ts';
import type { RowReader } from '../../rows/client.ts';
import type { Sort, View } from '../../rows/store.ts';

const SIZE = 50;

export function RowTable({ reader, search }: { reader: RowReader; search: string }) {
  const [sort, setSort] = useState<Sort>();
  const [offset, setOffset] = useState(0);
  const [view, setView] = useState<View>();
  useEffect(() => {
    let isWanted = true;
    void reader
      .ask('view', { search, offset, count: SIZE, ...(sort && { sort }) })
      .then((answer) => isWanted && setView(answer));
    return () => void (isWanted = false);
  }, [reader, search, offset, sort]);
  const sortBy = (field: RowField): void => {
    setSort({ field, descending: sort?.field === field && !sort.descending });
    setOffset(0);
  };
  if (view === undefined) return html`<${Nothing}>${t({ en: 'Looking …', tr: 'Bakılıyor …' })}<//>`;
  return html`<${TableFrame} label=${t({ en: 'Balances', tr: 'Bakiyeler' })}>
      <thead>
        <tr>
          ${ROW_FIELDS.map(
            (field) =>
              html`<${SortHead}
                key=${field}
                text=${t(FIELD_TEXTS[field])}
                hint=${FIELD_TEXTS[field].mks}
                isNumber=${field === 'balanceAmount'}
                sorted=${sort?.field === field ? (sort.descending ? 'descending' : 'ascending') : undefined}
                onSort=${() => sortBy(field)}
              />`,
          )}
        </tr>
      </thead>
      <tbody>
        ${view.rows.map((row, place) => html`<${RowLine} key=${offset + place} row=${row} />`)}
      </tbody>
    <//>
    <div class="tools-of-table">
      <${Pager} offset=${offset} size=${SIZE} found=${view.found} onTurn=${setOffset} />
      <p>
        <span class="muted"
          >${t({ en: 'Sum of these balances:', tr: 'Bu bakiyelerin toplamı:' })}</span
        >
        ${' '}<b>${amountText(view.sum)}</b>
      </p>
    </div>`;
}

function RowLine({ row }: { row: Row }) {
  return html`<tr>
    ${ROW_FIELDS.map((field) =>
      field === 'balanceAmount'
        ? html`<td key=${field} class="number">${amountText(row[field])}</td>`
        : html`<td key=${field}>${row[field]}</td>`,
    )}
  </tr>`;
}
