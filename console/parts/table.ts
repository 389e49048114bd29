/** A table that scrolls sideways where it must, with heads that sort. */
import { t } from '../lib/language.ts';
import { html, type Children } from './html.ts';

interface TableFrameProps {
  /** What it is a table of, for those who cannot see it. */
  label: string;
  /** What it shows is of before; what was asked for is on its way. */
  isBusy?: boolean;
  children?: Children;
}

export function TableFrame({ label, isBusy = false, children }: TableFrameProps) {
  return html`<div
    class="scroll"
    role="region"
    aria-label=${label}
    aria-busy=${String(isBusy)}
    tabindex="0"
  >
    <table>
      ${children}
    </table>
  </div>`;
}

interface SortHeadProps {
  text: string;
  /** What it is called at MKS. */
  hint?: string;
  isNumber?: boolean;
  /** Undefined: another column decides the order. */
  sorted: 'ascending' | 'descending' | undefined;
  onSort: () => void;
}

export function SortHead({ text, hint, isNumber = false, sorted, onSort }: SortHeadProps) {
  const arrow = sorted === 'ascending' ? '▲' : sorted === 'descending' ? '▼' : '';
  return html`<th scope="col" class=${isNumber ? 'number' : ''} aria-sort=${sorted ?? 'none'}>
    <button type="button" onClick=${onSort} title=${hint}>
      ${text} <span class="arrow" aria-hidden="true">${arrow}</span>
    </button>
  </th>`;
}

/** Said in place of a table that has nothing in it. */
export function Nothing({ children }: { children?: Children }) {
  return html`<p class="muted">
    ${children ?? t({ en: 'Nothing here yet.', tr: 'Henüz bir şey yok.' })}
  </p>`;
}
