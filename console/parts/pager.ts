/** Turning the pages of a table of any length. */
import { countText } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { html } from './html.ts';

interface PagerProps {
  /** The first row shown, from 0. */
  offset: number;
  /** Rows of a page. */
  size: number;
  found: number;
  onTurn: (offset: number) => void;
}

export function Pager({ offset, size, found, onTurn }: PagerProps) {
  const pages = Math.max(1, Math.ceil(found / size));
  const page = Math.floor(offset / size) + 1;
  const last = Math.min(offset + size, found);
  const turnTo = (wanted: number): void =>
    onTurn((Math.min(Math.max(1, Math.trunc(wanted) || 1), pages) - 1) * size);
  const range = found === 0 ? '0' : `${countText(offset + 1)}–${countText(last)}`;
  return html`<nav class="pager" aria-label=${t({ en: 'Pages', tr: 'Sayfalar' })}>
    <button type="button" disabled=${page === 1} onClick=${() => turnTo(page - 1)}>
      ${t({ en: 'Previous', tr: 'Önceki' })}
    </button>
    <label>
      ${t({ en: 'Page', tr: 'Sayfa' })}
      <input
        type="number"
        min="1"
        max=${pages}
        value=${page}
        onChange=${(event: { currentTarget: HTMLInputElement }) =>
          turnTo(Number(event.currentTarget.value))}
      />
      / ${countText(pages)}
    </label>
    <button type="button" disabled=${page === pages} onClick=${() => turnTo(page + 1)}>
      ${t({ en: 'Next', tr: 'Sonraki' })}
    </button>
    <span class="muted" role="status">
      ${t({ en: `${range} of ${countText(found)}`, tr: `${countText(found)} içinde ${range}` })}
    </span>
  </nav>`;
}
