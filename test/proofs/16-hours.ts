/** Promise 16: every minute of two weeks, one of them with the end of summer time, in three time zones. */
import { hoursBesideTable, TIME_ZONES } from '../support/hours-table.ts';
import type { Outcome, Proof } from './proof.ts';

const DAYS = 14;
/** Monday 2026-10-26 00:00 in Istanbul; Los Angeles goes to winter time on the Sunday after. */
const MONDAY = Date.UTC(2026, 9, 25, 21);

export const proof: Proof = {
  number: 16,
  promise: 'hours are right',
  small: ['test/mks/hours.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const { wrong, answers } = await hoursBesideTable(MONDAY, DAYS);
  for (const each of wrong.slice(0, 20)) console.error(each);
  return {
    done:
      `all 1,440 minutes of ${DAYS} days, 4 groups, the process in ${TIME_ZONES.join(', ')}: ` +
      `open or not, and when it opens and closes next (${answers.toLocaleString('en')} answers)`,
    figure: `${wrong.length} mismatches with the table`,
    met: wrong.length === 0,
  };
}
