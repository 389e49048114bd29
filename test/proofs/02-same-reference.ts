/** Promise 2: thousands of calls through a wire that breaks before, in and after what it carries. */
import { callThroughFaults } from '../support/faulty-calls.ts';
import { startRedis } from '../support/redis.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const CALLS = 10_000;

export const proof: Proof = {
  number: 2,
  promise: 'a message leaves again under its reference only as the rule allows',
  small: ['test/mks/faulty-calls.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const redis = await startRedis(ends, ['--appendfsync', 'no']);
    const { sendings, struck, told, tooEarly, usedUp, wrong } = await callThroughFaults(
      ends,
      redis,
      CALLS,
      seed,
    );
    for (const each of wrong.slice(0, 20)) console.error(each);
    const list = (counts: Record<string, number>): string =>
      Object.entries(counts)
        .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
        .toSorted()
        .join(', ');
    return {
      done:
        `${CALLS.toLocaleString('en')} calls of 2 replicas in ${sendings.toLocaleString('en')} sendings, 30 % of them ` +
        `broken: ${list(struck)}; what was unknown sent again under its reference after its deadline, not before (tried ${tooEarly.toLocaleString('en')} times)`,
      figure:
        `${wrong.length} told what was not so, none refused (${list(told)}); ` +
        `${usedUp.toLocaleString('en')} references with a messageId tried again, none was seen again`,
      met: wrong.length === 0,
    };
  } finally {
    await ends.end();
  }
}
