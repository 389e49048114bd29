/** Promise 20: sixty days of a standing order with everything dying, on a simulated clock. */
import { passDays } from '../support/standing-days.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const DAYS = 60;

export const proof: Proof = {
  number: 20,
  promise: "a standing order's day is there once",
  small: ['test/e2e/standing-days.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { dates, events, kills } = await passDays(ends, DAYS, seed);
    const told = dates.reduce((sum, each) => sum + each.told, 0);
    const kinds = [...new Set(events)].map(
      (kind) => `${kind} ${events.filter((each) => each === kind).length}`,
    );
    return {
      done: `${DAYS} simulated days, two replicas, ${kills} SIGKILLs; nights: ${kinds.join(', ')}`,
      figure: `${dates.length} dates, each one file under its name; ${told} notices, none early`,
      met: true,
    };
  } finally {
    await ends.end();
  }
}
