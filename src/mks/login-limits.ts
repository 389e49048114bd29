/** What holds a member back from logging in: the pause after a refusal, and three logins a minute. */
import type { Redis } from 'ioredis';
import type { Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import { permitLogin, refuseLogin } from '../state/scripts/tokens.ts';
import type { Sealer } from '../state/sealing.ts';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const PAUSE_REMEMBERED_MS = 60 * 60_000;
/** A token that MKS refuses is replaced at once, but not for ever (rule 4). */
const MAX_LOGINS = 3;
export const LOGINS_WINDOW_MS = 60_000;

export interface LoginLimitsDeps {
  redis: Redis;
  keys: Keys;
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  sealer: Sealer;
  baseUrl: string;
}

/** @throws StateUnavailableError from every method that asks Redis when it cannot be reached. */
export interface LoginLimits {
  /**
   * Whose pause it is: another user's or another password's refusal says nothing of this one's;
   * another key does not make it another password.
   */
  fingerprints(member: Member): string[];
  /** @returns 0 when the member may log in now, and counts it; else the milliseconds to wait. */
  permit(member: Member): Promise<number>;
  /** Takes the last count back, before the lock is set free: MKS never saw that login. */
  uncount(member: Member): Promise<void>;
  /** Records a refused login and sets the lock free. @returns the pause in milliseconds. */
  refuse(member: Member, owner: string, code: string): Promise<number>;
  /** Takes note of a token that was granted, with its life in milliseconds. */
  granted(member: Member, lifeMs: number): Promise<void>;
}

export function createLoginLimits(deps: LoginLimitsDeps): LoginLimits {
  const { redis, keys, stateful, sealer, baseUrl } = deps;
  const fingerprints = ({ memberCode, userCode, password }: Member): string[] =>
    sealer.fingerprints(memberCode, 'login', JSON.stringify([baseUrl, userCode, password]));

  return {
    fingerprints,

    permit({ memberCode }) {
      const limits = { limit: MAX_LOGINS, windowMs: LOGINS_WINDOW_MS };
      return stateful(runScript(redis, permitLogin, [keys.logins(memberCode)], limits));
    },

    async uncount({ memberCode }) {
      await stateful(redis.lpop(keys.logins(memberCode)));
    },

    async refuse(member, owner, code) {
      const { memberCode } = member;
      const names = [keys.loginRefusal(memberCode), keys.loginLock(memberCode)];
      const argument = {
        fingerprints: fingerprints(member),
        firstPauseMs: FIRST_PAUSE_MS,
        longestPauseMs: LONGEST_PAUSE_MS,
        rememberedMs: PAUSE_REMEMBERED_MS,
        code,
        owner,
      };
      return stateful(runScript(redis, refuseLogin, names, argument));
    },

    async granted({ memberCode }, lifeMs) {
      // Tokens that live so briefly are renewed as they end: their logins are no sign of a fault.
      if (lifeMs >= LOGINS_WINDOW_MS) return;
      await stateful(redis.pexpire(keys.logins(memberCode), lifeMs, 'LT'));
    },
  };
}
