/** Replicas whose clocks do not agree, over several lives of a short token. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MksError } from '../../src/mks/errors.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { mkk, setUpMks, STATUS } from './mks.ts';
import { granted, jws, message } from './upstream.ts';

type Options = Parameters<typeof setUpMks>;

export interface Skewed {
  calls: number;
  /** Calls that came with a token whose life was over. */
  expired: number;
  /** The most logins within the life of a token. */
  loginsInALife: number;
  lives: number;
}

const PAUSE_MS = 50;

/**
 * Each replica calls in turns for so many lives of a token.
 * @param skewsMs of the replicas' wall clocks.
 */
export async function liveThroughTokens(
  t: Options[0],
  redis: Options[1]['redis'],
  skewsMs: readonly number[],
  { lifeSeconds, lives }: { lifeSeconds: number; lives: number },
): Promise<Skewed> {
  const { upstream, replica } = await setUpMks(t, { redis });
  const lifeMs = lifeSeconds * 1_000;
  const grants: number[] = [];
  const grantedAt = new Map<string, number>();
  const told: Skewed = { calls: 0, expired: 0, loginsInALife: 0, lives };
  upstream.onAuth = () => {
    const answer = granted({ LifeTime: String(lifeSeconds) });
    const { token } = JSON.parse((answer as { body: string }).body) as { token: string };
    grants.push(performance.now());
    grantedAt.set(`Bearer ${token}`, performance.now());
    return answer;
  };
  upstream.onCall = (received) => {
    const at = grantedAt.get(received.headers.authorization ?? '') ?? -Infinity;
    told.calls += 1;
    if (performance.now() - at >= lifeMs) told.expired += 1;
    return { body: jws(message(received), mkk.privateKey) };
  };
  const replicas = await Promise.all(
    skewsMs.map((skew) =>
      replica({}, { now: () => Date.now() + skew, elapsedMs: () => performance.now() }),
    ),
  );
  const end = performance.now() + lives * lifeMs;
  while (performance.now() < end) {
    await Promise.all(replicas.map((each) => each.call(STATUS).catch(onlyIfNotSent)));
    await sleep(PAUSE_MS);
  }
  told.loginsInALife = Math.max(
    ...grants.map((from) => grants.filter((at) => at >= from && at < from + lifeMs).length),
  );
  return told;
}

/** A token that ends on a slow machine before its message leaves is not sent either. */
function onlyIfNotSent(error: unknown): void {
  if (error instanceof StateUnavailableError) return;
  if (!(error instanceof MksError) || error.outcome !== 'not-sent') throw error;
}
