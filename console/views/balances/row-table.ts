/** Fifty rows of a report at a time, in the order of any column. */
import { useState } from 'preact/hooks';
import { ROW_FIELDS, type Report, type Row, type RowField } from '../../lib/documents.ts';
import { amountText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { FIELD_TEXTS } from '../../parts/fields.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Pager } from '../../parts/pager.ts';
import { Nothing, SortHead, TableFrame } from '../../parts/table.ts';
import type { RowReader } from '../../rows/client.ts';
import type { Sort, View } from '../../rows/store.ts';
import { useAnswer } from './use-answer.ts';

const SIZE = 50;

interface RowTableProps {
  report: Report;
  reader: RowReader;
  search: string;
}

export function RowTable({ report, reader, search }: RowTableProps) {
  const [sort, setSort] = useState<Sort>();
  const [offset, setOffset] = useState(0);
  const asked = { search, offset, count: SIZE, ...(sort && { sort }) };
  const { answer: view, isBusy, problem } = useAnswer(reader, 'view', asked);
  const sortBy = (field: RowField): void => {
    setSort({ field, descending: sort?.field === field && !sort.descending });
    setOffset(0);
  };
  if (problem !== undefined) return html`<${ProblemNote} problem=${problem} />`;
  if (view === undefined) return html`<${Nothing}>${t({ en: 'Looking …', tr: 'Bakılıyor …' })}<//>`;
  const fields = fieldsOf(view, report);
  return html`<${TableFrame} label=${t({ en: 'Balances', tr: 'Bakiyeler' })} isBusy=${isBusy}>
      <thead>
        <tr>
          ${fields.map(
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
        ${view.rows.map((row, place) => html`<${RowLine} key=${offset + place} fields=${fields} row=${row} />`)}
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

/** Without day and member, which the heading tells, where every row is of them. */
function fieldsOf({ constant, rows }: View, { member, processDate }: Report): RowField[] {
  const told: Partial<Record<RowField, string>> = { balanceDate: processDate, mbrId: member };
  const isTold = (field: RowField): boolean =>
    constant.some((name) => name === field) && rows[0]?.[field] === told[field];
  return ROW_FIELDS.filter((field) => told[field] === undefined || !isTold(field));
}

function RowLine({ fields, row }: { fields: readonly RowField[]; row: Row }) {
  return html`<tr>
    ${fields.map((field) =>
      field === 'balanceAmount'
        ? html`<td key=${field} class="number">${amountText(row[field])}</td>`
        : html`<td key=${field}>${row[field]}</td>`,
    )}
  </tr>`;
}
