/** Promise 6: MKS is asked to make one report of a member at a time, by all replicas together. */
import { askAsCrowd } from '../support/crowd.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const SIZE = { replicas: 3, members: 20, requests: 2_000 };
/** With outsiders in the way, so that MKS answers RP003. */
const BUSY_REQUESTS = 500;

export const proof: Proof = {
  number: 6,
  promise: 'one report per member with MKS',
  small: ['test/e2e/crowd.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const open = await inScope((ends) => askAsCrowd(ends, { ...SIZE, seed, overlaps: 'accepted' }));
  const busy = await inScope((ends) =>
    askAsCrowd(ends, { ...SIZE, requests: BUSY_REQUESTS, seed, overlaps: 'refused' }),
  );
  const failed = [...open.failed, ...busy.failed];
  const { replicas, members, requests } = SIZE;
  return {
    done:
      `${requests} requests for ${members} members to ${replicas} replicas, ${open.reports} reports made by an MKS that takes overlaps; ` +
      `${BUSY_REQUESTS} more with another system asking beside us, ${busy.reports} reports, RP003 answered ${busy.busy} times`,
    figure:
      `${open.overlapsAccepted} overlaps; every RP003 tried again until it was taken: ${failed.length} reports not ready ` +
      failed.slice(0, 5).join('; '),
    met: open.overlapsAccepted === 0 && busy.busy > 0 && failed.length === 0,
  };
}

async function inScope<T>(run: (ends: ReturnType<typeof cleanup>) => Promise<T>): Promise<T> {
  const ends = cleanup();
  try {
    return await run(ends);
  } finally {
    await ends.end();
  }
}
