/** Promise 5: every accepted report ends, once, whoever dies. */
import { surviveCrashes } from '../support/crashes.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const SIZE = { replicas: 3, members: 10, reports: 500, kills: 100, redisRestarts: 10 };

export const proof: Proof = {
  number: 5,
  promise: 'an accepted report ends, once',
  small: ['test/e2e/crash.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { ready, lost, wrong, changed, overlaps, repeats } = await surviveCrashes(ends, {
      ...SIZE,
      seed,
    });
    const faults = [...lost, ...wrong, ...changed].slice(0, 5).join('; ');
    const { reports, members, replicas, kills, redisRestarts } = SIZE;
    return {
      done: `${reports} reports of ${members} members by ${replicas} replicas; ${kills} SIGKILLs of replicas, ${redisRestarts} of Redis`,
      figure:
        `${ready} ended ready, ${lost.length} lost, ${wrong.length} with a row missing, twice or changed, ` +
        `${changed.length} that ended again; ${overlaps} overlaps, ${repeats} messages sent again under their reference ${faults}`.trimEnd(),
      met: ready === reports && changed.length + wrong.length + overlaps === 0,
    };
  } finally {
    await ends.end();
  }
}
