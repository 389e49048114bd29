/** Promise 14: secrets and balances through every route and every failure, and the hunt for them. */
import { hunt } from '../support/canary-hunt.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

export const proof: Proof = {
  number: 14,
  promise: 'no secret, no balance outside its place',
  small: ['test/canary.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { canaries, requests, failures, bytes, hits, unseen } = await hunt(ends, true);
    for (const each of [...hits, ...unseen]) console.error(each);
    return {
      done:
        `${canaries} canaries through every route (${requests} requests) and ${failures} failures, log levels trace and ` +
        `debug; ${(bytes / 1e6).toFixed(0)} MB of logs, problems, metrics, OpenAPI, AOF, RDB and DATA_DIR searched`,
      figure: `${hits.length} hits; ${unseen.length} of those laid out on purpose not found`,
      met: hits.length === 0 && unseen.length === 0,
    };
  } finally {
    await ends.end();
  }
}
