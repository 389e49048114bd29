/** What was found, as a file. */
import { useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem } from '../../lib/documents.ts';
import { countText, isoDay } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { save } from '../../parts/download.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import type { TrailEntry } from './documents.ts';
import { MOST_EXPORTED, readAll, trailCsv, type TrailFilter } from './read.ts';

const FORMATS = [
  { text: 'CSV', extension: 'csv', type: 'text/csv', write: trailCsv },
  {
    text: 'NDJSON',
    extension: 'ndjson',
    type: 'application/x-ndjson',
    write: (entries: readonly TrailEntry[]) =>
      entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  },
] as const;

export function Export({ filter }: { filter: TrailFilter }) {
  const [isBusy, setBusy] = useState(false);
  const [isCut, setCut] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const write = async ({
    extension,
    type,
    write: texts,
  }: (typeof FORMATS)[number]): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const found = await readAll(filter);
      setCut(found.isCut);
      const name = `trail_${isoDay(filter.from)}_${isoDay(filter.to)}.${extension}`;
      save(new Blob([texts(found.items)], { type }), name);
    } catch (error) {
      setProblem(problemFor(error));
    } finally {
      setBusy(false);
    }
  };
  const label = t({ en: 'Export as', tr: 'Dışa aktar:' });
  const most = countText(MOST_EXPORTED);
  return html`<div class="actions" role="group" aria-label=${label}>
      <span class="muted">${label}</span>
      ${FORMATS.map(
        (format) =>
          html`<button
            key=${format.text}
            type="button"
            disabled=${isBusy}
            onClick=${() => void write(format)}
          >
            ${format.text}
          </button>`,
      )}
    </div>
    ${
      isCut &&
      html`<p class="note warn" role="status">
        ${t({
          en: `There are more: the file holds the newest ${most}. The whole is exported by npm run trail -- export.`,
          tr: `Daha fazlası var: dosyada en yeni ${most} kayıt var. Tamamı npm run trail -- export ile alınır.`,
        })}
      </p>`
    }
    ${problem && html`<${ProblemNote} problem=${problem} />`}`;
}
