/** The exact sums of a report by one of its fields. */
import { useState } from 'preact/hooks';
import type { TextField } from '../../lib/documents.ts';
import { amountText, countText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { FIELD_TEXTS } from '../../parts/fields.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Pager } from '../../parts/pager.ts';
import { Nothing, SortHead, TableFrame } from '../../parts/table.ts';
import type { RowReader } from '../../rows/client.ts';
import type { TotalsQuery } from '../../rows/totals.ts';
import { useAnswer } from './use-answer.ts';

const SIZE = 50;

interface TotalTableProps {
  reader: RowReader;
  by: TextField;
  search: string;
}

export function TotalTable({ reader, by, search }: TotalTableProps) {
  const [sort, setSort] = useState<TotalsQuery['sort']>({ by: 'name', descending: false });
  const [offset, setOffset] = useState(0);
  const asked = { by, search, sort, offset, count: SIZE };
  const { answer: totals, isBusy, problem } = useAnswer(reader, 'totals', asked);
  const name = t(FIELD_TEXTS[by]);
  const heads = [
    { by: 'name', text: name, isNumber: false },
    { by: 'rows', text: t({ en: 'Rows', tr: 'Satır' }), isNumber: true },
    { by: 'sum', text: t({ en: 'Balance', tr: 'Bakiye' }), isNumber: true },
  ] as const;
  if (problem !== undefined) return html`<${ProblemNote} problem=${problem} />`;
  if (totals === undefined)
    return html`<${Nothing}>${t({ en: 'Adding up …', tr: 'Toplanıyor …' })}<//>`;
  return html`<${TableFrame} label=${name} isBusy=${isBusy}>
      <thead>
        <tr>
          ${heads.map(
            (head) =>
              html`<${SortHead}
                key=${head.by}
                text=${head.text}
                isNumber=${head.isNumber}
                sorted=${sort.by === head.by ? (sort.descending ? 'descending' : 'ascending') : undefined}
                onSort=${() => {
                  setSort({ by: head.by, descending: sort.by === head.by && !sort.descending });
                  setOffset(0);
                }}
              />`,
          )}
        </tr>
      </thead>
      <tbody>
        ${totals.totals.map(
          (total) =>
            html`<tr key=${total.name}>
              <td>${total.name === '' ? '–' : total.name}</td>
              <td class="number">${countText(total.rows)}</td>
              <td class="number">${amountText(total.sum)}</td>
            </tr>`,
        )}
      </tbody>
    <//>
    <${Pager} offset=${offset} size=${SIZE} found=${totals.found} onTurn=${setOffset} />`;
}
