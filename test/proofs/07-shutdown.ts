/** Promise 7: told to end, a gateway is out in time and loses nothing, whether Redis answers or not. */
import { END_BY_MS, shutDownUnderLoad } from '../support/shutdowns.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const SIZE = { replicas: 3, rounds: 26, callers: 6 };

export const proof: Proof = {
  number: 7,
  promise: 'shutdown is bounded',
  small: ['test/e2e/shutdown.test.ts', 'test/e2e/crash.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { tookMs, badEnds, unanswered, accepted, lost } = await shutDownUnderLoad(ends, {
      ...SIZE,
      seed,
    });
    const { up, down } = tookMs;
    const longest = (times: readonly number[]): string =>
      `${(Math.max(...times) / 1_000).toFixed(1)} s`;
    const faults = [...badEnds, ...unanswered, ...lost];
    return {
      done:
        `${up.length + down.length} SIGTERMs, two of ${SIZE.replicas} replicas at a time, ${SIZE.callers} callers waiting on each; ` +
        `${up.length} with Redis there, ${down.length} with Redis killed just before`,
      figure:
        `out after ${longest(up)} at the latest with Redis, ${longest(down)} without; ${unanswered.length} who waited left unanswered; ` +
        `${accepted} accepted reports, ${lost.length} lost ${faults.slice(0, 3).join('; ')}`.trimEnd(),
      met: faults.length === 0 && Math.max(...up, ...down) < END_BY_MS,
    };
  } finally {
    await ends.end();
  }
}
