/** The day of the balances: at most today in Istanbul; it begins with the last weekday. */
import { isoDay, istanbulDay, weekdayBefore } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { html } from './html.ts';

export function DayField() {
  const today = istanbulDay(Date.now());
  return html`<label class="field">
    <span>${t({ en: 'Day', tr: 'Gün' })}</span>
    <input
      type="date"
      name="day"
      required
      max=${isoDay(today)}
      defaultValue=${isoDay(weekdayBefore(today))}
    />
  </label>`;
}
