/**
 * What opens a ledger that is an archive: asked for each check, sent with it alone, and kept neither in the field
 * nor anywhere else.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../../lib/api.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';

const HEADER = 'ledger-password';
const FIELD = 'zipPassword';
const NOTE = 'zip-password-note';
const REFUSAL = 'zip-password-refusal';
/** Of a zip with a file in it (APPNOTE 4.3.7). */
const FIRST_BYTES = [0x50, 0x4b, 0x03, 0x04];

/** Whether a file is a zip, by its first bytes: names lie. Undefined until they are read. */
export function useIsArchive(file: File | undefined): boolean | undefined {
  const [read, setRead] = useState<{ file?: File; isArchive?: boolean }>({});
  useEffect(() => {
    if (file === undefined) return undefined;
    let isShown = true;
    const tell = (isArchive: boolean): void => {
      if (isShown) setRead({ file, isArchive });
    };
    file
      .slice(0, FIRST_BYTES.length)
      .arrayBuffer()
      .then((buffer) => {
        const bytes = new Uint8Array(buffer);
        tell(FIRST_BYTES.every((byte, at) => bytes[at] === byte));
      })
      // One that cannot be read cannot be sent either, and that is told then.
      .catch(() => tell(false));
    return () => {
      isShown = false;
    };
  }, [file]);
  return read.file === file ? read.isArchive : undefined;
}

/** Takes the password out of the form; undefined where none is asked for. */
export function takePassword(form: HTMLFormElement): string | undefined {
  const input = form.elements.namedItem(FIELD);
  if (!(input instanceof HTMLInputElement)) return undefined;
  const { value } = input;
  input.value = '';
  return value;
}

/** The headers of a ledger: a header is of bytes, and the gateway reads these as UTF-8. */
export function ledgerHeaders(zipPassword: string | undefined): Record<string, string> {
  if (zipPassword === undefined) return { 'content-type': 'text/csv' };
  const bytes = new TextEncoder().encode(zipPassword);
  return { 'content-type': 'application/zip', [HEADER]: String.fromCharCode(...bytes) };
}

/** Whether a check failed because of the password. */
export function isPasswordRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.problem.errors?.some(({ path }) => path.toLowerCase() === HEADER) ?? false;
}

export function ArchivePassword({ isRefused }: { isRefused: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isRefused) input.current?.focus();
  }, [isRefused]);
  return html`<div class="archive-password">
    <label class="field">
      <span>${t({ en: 'Password of the archive', tr: 'Arşivin parolası' })}</span>
      <input
        ref=${input}
        name=${FIELD}
        type="password"
        required
        autocomplete="off"
        spellcheck=${false}
        pattern="\\S(.*\\S)?"
        title=${t({ en: 'Without spaces at either end', tr: 'Başında ve sonunda boşluk olmadan' })}
        aria-invalid=${isRefused}
        aria-describedby=${isRefused ? `${REFUSAL} ${NOTE}` : NOTE}
      />
    </label>
    ${
      isRefused &&
      html`<p id=${REFUSAL} class="note bad" role="alert">
        ${t({
          en: 'This password does not open the archive. Enter it once more.',
          tr: 'Bu parola arşivi açmıyor. Yeniden girin.',
        })}
      </p>`
    }
    <p id=${NOTE} class="small muted">
      ${t({
        en: 'It is sent with this check alone, and kept nowhere.',
        tr: 'Yalnız bu kontrolle gönderilir, hiçbir yerde saklanmaz.',
      })}
    </p>
  </div>`;
}
