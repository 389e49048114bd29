/** A ready report's rows: read once, then paged, sorted, searched and added up in the worker. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem, Report, TextField } from '../../lib/documents.ts';
import { countText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Nothing } from '../../parts/table.ts';
import { MOST_ROWS, openRows, type RowReader } from '../../rows/client.ts';
import { RowTable } from './row-table.ts';
import { TotalTable } from './total-table.ts';

interface Opened {
  reader?: RowReader;
  rowsSoFar: number;
  problem?: Problem;
}

export function Rows({ report }: { report: Report }) {
  const { id, rowCount = 0 } = report;
  if (rowCount === 0) {
    return html`<section class="card">
      <${Nothing}>${t({ en: 'The report has no rows.', tr: 'Raporda satır yok.' })}<//>
    </section>`;
  }
  if (rowCount > MOST_ROWS) {
    return html`<section class="card">
      <${Nothing}>
        ${t({
          en: `Tables hold ${countText(MOST_ROWS)} rows at most. Download the report to work with it.`,
          tr: `Tablo en fazla ${countText(MOST_ROWS)} satır gösterir. Raporla çalışmak için indirin.`,
        })}
      <//>
    </section>`;
  }
  return html`<${OpenedRows} key=${id} report=${report} />`;
}

function OpenedRows({ report }: { report: Report }) {
  const { id, rowCount = 0 } = report;
  const [opened, setOpened] = useState<Opened>({ rowsSoFar: 0 });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setOpened({ rowsSoFar: 0 });
    openRows(id, (rowsSoFar) => setOpened({ rowsSoFar }), controller.signal)
      .then((reader) => setOpened({ reader, rowsSoFar: rowCount }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setOpened({ rowsSoFar: 0, problem: problemFor(error) });
      });
    return () => controller.abort();
  }, [id, turn]);
  const { reader, problem, rowsSoFar } = opened;
  if (problem !== undefined) {
    return html`<${ProblemNote} problem=${problem} onRetry=${() => setTurn(turn + 1)} />`;
  }
  if (reader === undefined) {
    return html`<section class="card">
      <p role="status">${t({ en: 'Reading the rows …', tr: 'Satırlar okunuyor …' })}</p>
      <progress
        aria-label=${t({ en: 'Rows read', tr: 'Okunan satır' })}
        max=${rowCount}
        value=${rowsSoFar}
      />
      <p class="muted">${countText(rowsSoFar)} / ${countText(rowCount)}</p>
    </section>`;
  }
  return html`<${Table} report=${report} reader=${reader} />`;
}

type Shape = 'rows' | TextField;

/** The rows themselves, or their sums by one of the fields. */
function Table({ report, reader }: { report: Report; reader: RowReader }) {
  const [shape, setShape] = useState<Shape>('rows');
  const [typed, setTyped] = useState('');
  const search = useCalm(typed);
  const shapes: { name: Shape; text: string }[] = [
    { name: 'rows', text: t({ en: 'Rows', tr: 'Satırlar' }) },
    { name: 'isin', text: t({ en: 'Total by ISIN', tr: 'ISIN toplamları' }) },
    { name: 'mbrAccNo', text: t({ en: 'Total by account', tr: 'Hesap toplamları' }) },
  ];
  return html`<section class="card">
    <div class="tools-of-table">
      <div class="choice" role="group" aria-label=${t({ en: 'What to show', tr: 'Gösterim' })}>
        ${shapes.map(
          ({ name, text }) =>
            html`<button
              key=${name}
              type="button"
              aria-pressed=${String(shape === name)}
              onClick=${() => setShape(name)}
            >
              ${text}
            </button>`,
        )}
      </div>
      <label class="field search">
        <span>${t({ en: 'Search in all fields', tr: 'Bütün alanlarda ara' })}</span>
        <input
          type="search"
          value=${typed}
          onInput=${(event: { currentTarget: HTMLInputElement }) => setTyped(event.currentTarget.value)}
        />
      </label>
    </div>
    ${
      shape === 'rows'
        ? html`<${RowTable} key=${search} report=${report} reader=${reader} search=${search} />`
        : html`<${TotalTable}
            key=${`${shape} ${search}`}
            reader=${reader}
            by=${shape}
            search=${search}
          />`
    }
  </section>`;
}

/** What is typed, once the reader has paused: a million rows are not searched for each letter. */
function useCalm(typed: string): string {
  const [calm, setCalm] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(typed), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return calm;
}
