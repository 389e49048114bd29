/**
 * Sixty days of a standing order with everything dying, on a simulated clock: `npm run proof:standing-orders`.
 *
 * `npm test` passes three. More or fewer, or one run again: DAYS=20 SEED=7.
 */
import { passDays } from '../support/standing-days.ts';

const DAYS = Number(process.env['DAYS'] ?? 60);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const ends: (() => unknown)[] = [];
/** What a test gives: to be called at the end. */
const cleanup = { after: (end: () => unknown) => void ends.push(end) } as Parameters<
  typeof passDays
>[0];
const began = performance.now();
try {
  console.log(`${DAYS} days, SEED=${SEED}`);
  const { dates, events, kills } = await passDays(cleanup, DAYS, SEED);
  const count = (event: string): string =>
    `${event} ${events.filter((each) => each === event).length}`;
  const told = dates.reduce((sum, each) => sum + each.told, 0);
  console.log(
    `${dates.length} dates, each one file under its name; ${told} notices, none early; ${kills} kills; ` +
      `${[...new Set(events)].map(count).join(', ')}; ${Math.round((performance.now() - began) / 1000)} s`,
  );
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const end of ends) await end();
}
