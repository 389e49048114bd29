/** Where the ledger is dropped or chosen; how its first lines are read is shown at once. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor, queryOf } from '../../lib/api.ts';
import { getBounded } from '../../lib/bounded.ts';
import type { Problem } from '../../lib/documents.ts';
import { amountText, countText, istanbulDay, weekdayBefore } from '../../lib/format.ts';
import { language, t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { positionColumns } from '../../parts/position.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { TableFrame } from '../../parts/table.ts';
import { ArchivePassword, ledgerHeaders } from './archive-password.ts';
import type { Preview } from './documents.ts';

/** Lines that are shown. */
const SHOWN = 5;

interface LedgerFieldProps {
  /** On whose behalf the first lines are looked at: any of the reader's. */
  member: string | undefined;
  file: File | undefined;
  /** Undefined until it is known. */
  isArchive: boolean | undefined;
  isPasswordRefused: boolean;
  onFile: (file: File | undefined) => void;
}

export function LedgerField(props: LedgerFieldProps) {
  const { file, isArchive, isPasswordRefused, member, onFile } = props;
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer?.files[0]);
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  return html`<label
      class=${`field drop ${isOver ? 'over' : ''}`}
      onDrop=${drop}
      onDragOver=${over}
      onDragLeave=${() => setOver(false)}
    >
      <span
        >${t({ en: 'Drop the ledger here, or choose it (CSV, or MKS’s own zip)', tr: 'Defteri buraya bırakın veya seçin (CSV veya MKS’nin kendi zip’i)' })}</span
      >
      <input
        type="file"
        accept=".csv,.txt,.zip,text/csv,text/plain,application/zip"
        onChange=${(event: { currentTarget: HTMLInputElement }) => onFile(event.currentTarget.files?.[0])}
      />
      <span class="small muted">
        ${t({
          en: 'Columns by name, in any order: HESAP, ALT_HESAP, ISIN, BAKIYE; further ones of a position count too.',
          tr: 'Kolonlar adıyla, istenen sırada: HESAP, ALT_HESAP, ISIN, BAKIYE; pozisyonun diğer kolonları da sayılır.',
        })}
      </span>
      <span role="status"
        >${file && `${file.name} · ${countText(Math.ceil(file.size / 1024))} KiB`}
        ${isArchive && ` · ${t({ en: 'an archive: enter its password below', tr: 'arşiv: parolasını aşağıya girin' })}`}</span
      >
    </label>
    ${file && isArchive && html`<${ArchivePassword} key=${keyOf(file)} isRefused=${isPasswordRefused} />`}
    ${file && isArchive === false && html`<${FirstLines} key=${keyOf(file)} file=${file} member=${member} />`}`;
}

function keyOf({ name, lastModified }: File): string {
  return `${name} ${lastModified}`;
}

/** As the gateway reads them: a decimal sign that is taken for another shows here. */
function FirstLines({ file, member }: { file: File; member: string | undefined }) {
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<Problem>();
  const spoken = language.value;
  useEffect(() => {
    const controller = new AbortController();
    // Nothing is compared: any day will do.
    const processDate = weekdayBefore(istanbulDay(Date.now()));
    const path = `/balances/check${queryOf({ member, processDate, ledger: 'preview', dryRun: SHOWN })}`;
    const headers = ledgerHeaders(undefined);
    getBounded<Preview>(path, { method: 'POST', headers, body: file, signal: controller.signal })
      .then(setPreview)
      .catch((error: unknown) => controller.signal.aborted || setProblem(problemFor(error)));
    return () => controller.abort();
  }, [file, member, spoken]);
  if (problem !== undefined) return html`<${ProblemNote} problem=${problem} />`;
  if (preview === undefined) return null;
  const { lines, lineCount, decimalSign, ignoredColumns } = preview;
  const columns = positionColumns(lines).filter(({ valueOf }) =>
    lines.some((line) => valueOf(line) !== ''),
  );
  const label = t({ en: 'How the first lines are read', tr: 'İlk satırlar böyle okunuyor' });
  return html`<div class="preview">
    <h3>${label}</h3>
    <${TableFrame} label=${label}>
      <thead>
        <tr>
          ${columns.map(({ name, text }) => html`<th key=${name} scope="col">${text}</th>`)}
          <th scope="col" class="number">${t({ en: 'Balance', tr: 'Bakiye' })}</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          (line) =>
            html`<tr key=${line.line}>
              ${columns.map(({ name, valueOf }) => html`<td key=${name}>${valueOf(line)}</td>`)}
              <td class="number">${amountText(line.balanceAmount)}</td>
            </tr>`,
        )}
      </tbody>
    <//>
    <p class="small muted">
      ${t({ en: `${countText(lineCount)} lines`, tr: `${countText(lineCount)} satır` })}
      ${decimalSign !== undefined && ` · ${t({ en: 'decimal sign', tr: 'ondalık ayracı' })} “${decimalSign}”`}
      ${ignoredColumns.length > 0 && ` · ${t({ en: 'not looked at', tr: 'bakılmayan' })}: ${ignoredColumns.join(', ')}`}
    </p>
  </div>`;
}
