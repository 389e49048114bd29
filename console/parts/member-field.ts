/** The choice among the reader's members; it begins with the one that was asked for last. */
import { t } from '../lib/language.ts';
import { lastAsked } from '../lib/remembered.ts';
import { html } from './html.ts';

interface MemberFieldProps {
  members: readonly string[];
  /** Instead of the last. */
  chosen?: string | undefined;
}

export function MemberField({ members, chosen }: MemberFieldProps) {
  const first = chosen ?? lastAsked().member;
  return html`<label class="field">
    <span>${t({ en: 'Member', tr: 'Üye' })}</span>
    <select name="member">
      ${members.map(
        (member) =>
          html`<option key=${member} value=${member} selected=${member === first}>
            ${member}
          </option>`,
      )}
    </select>
  </label>`;
}
