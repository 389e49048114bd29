/** Promise 19: readers of every route while the gateway is killed, a trail that is changed, and one that cannot be written. */
import { readUnderKills } from '../support/seen-balances.ts';
import { tamper } from '../support/tampered-trail.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const KILLS = 20;
const CHANGES = 1_000;

export const proof: Proof = {
  number: 19,
  promise: 'no balance leaves unseen',
  small: ['test/e2e/seen-balances.test.ts', 'test/e2e/trail.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { began, unseen, refused, leaked } = await readUnderKills(ends, KILLS, seed);
    const missed = await tamper(CHANGES, seed);
    for (const each of [...unseen, ...leaked, ...missed].slice(0, 20)) console.error(each);
    return {
      done:
        `every route that gives balances, in each format, read by 8 at once under ${KILLS} SIGKILLs; each of them without a ` +
        `writable trail; ${CHANGES.toLocaleString('en')} random changes of a chain`,
      figure:
        `${began.toLocaleString('en')} answers began, ${unseen.length} of them without an entry on disk; ${refused} refused without a ` +
        `trail, ${leaked.length} with a byte of balances; ${missed.length} changes not found out`,
      met: unseen.length + leaked.length + missed.length === 0 && began > 0,
    };
  } finally {
    await ends.end();
  }
}
