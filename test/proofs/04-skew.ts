/** Promise 4: replicas whose clocks are up to ten minutes off, over several lives of a token. */
import { startRedis } from '../support/redis.ts';
import { liveThroughTokens } from '../support/skewed-clocks.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const SKEWS_MINUTES = [-10, -5, -1, 0, 1, 5, 10];
/** Of a tenth of its life, two seconds, a token makes no use: a message has to have come by its end. */
const SIZE = { lifeSeconds: 20, lives: 3 };

export const proof: Proof = {
  number: 4,
  promise: 'skew is harmless',
  small: ['test/mks/token.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const ends = cleanup();
  try {
    const redis = await startRedis(ends, ['--appendfsync', 'no']);
    const skewsMs = SKEWS_MINUTES.map((minutes) => minutes * 60_000);
    const { calls, expired, loginsInALife } = await liveThroughTokens(ends, redis, skewsMs, SIZE);
    return {
      done:
        `${SKEWS_MINUTES.length} replicas, their clocks ${SKEWS_MINUTES.join(', ')} minutes off, ` +
        `${calls.toLocaleString('en')} calls over ${SIZE.lives} lives of a token (${SIZE.lifeSeconds} s)`,
      figure: `${expired} calls with an expired token; at most ${loginsInALife} logins in a token's life`,
      met: expired === 0 && loginsInALife <= 2 && calls > 0,
    };
  } finally {
    await ends.end();
  }
}
