/** The members' tokens in Redis: found, with the lock around logging in, and stored. */
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.ts';
import { defined } from '../lib/defined.ts';
import type { Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import { findToken, releaseLock, storeToken } from '../state/scripts/tokens.ts';
import type { Sealer } from '../state/sealing.ts';
import { MksError } from './errors.ts';
import type { LoginLimits } from './login-limits.ts';
import type { GrantedToken } from './login.ts';
import { createTokenSeal, type StoredToken } from './stored-token.ts';
import type { TokenState } from './types.ts';

const LONGEST_MARGIN_MS = 5_000;

export type Found =
  | { kind: 'token'; token: StoredToken }
  /** There is one, but not for this host and user, or it cannot be opened. */
  | { kind: 'unusable'; sealed: string }
  | { kind: 'paused'; pauseMs: number; code?: string }
  | { kind: 'locked' | 'busy' | 'absent' };

export interface TokenStoreDeps {
  redis: Redis;
  keys: Keys;
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  sealer: Sealer;
  clock: Clock;
  baseUrl: string;
  limits: LoginLimits;
}

/** How to look for a token. */
export interface TokenSearch {
  /** As stored: a token that is to count as none. */
  ignored?: string;
  /** The lock to take where there is none, in whose name and for how long. */
  lock?: { owner: string; lockMs: number };
  despitePause?: boolean;
}

/** @throws StateUnavailableError from every method when Redis cannot be reached. */
export interface TokenStore {
  /** Looks for a token, and takes the lock where there is none and one is asked for. */
  find(member: Member, search?: TokenSearch): Promise<Found>;
  /**
   * Stores a granted token for what is left of its life, less a margin: half of it for what a
   * message still has to do before it leaves, half for its way to MKS. Sets the lock free.
   * @throws MksError when nothing is left of it.
   */
  put(member: Member, granted: GrantedToken, owner: string, replaces: string): Promise<void>;
  /** Sets the lock free. */
  release(member: Member, owner: string): Promise<void>;
  state(member: Member): Promise<TokenState>;
}

export function createTokenStore(deps: TokenStoreDeps): TokenStore {
  const { redis, keys, stateful, clock, limits } = deps;
  const { seal, open } = createTokenSeal(deps.sealer, deps.baseUrl);
  const keysOf = ({ memberCode }: Member): [string, string, string] => [
    keys.token(memberCode),
    keys.loginRefusal(memberCode),
    keys.loginLock(memberCode),
  ];

  async function look(member: Member, search: TokenSearch) {
    // Before the question: the answer may have taken a while, and life only gets shorter.
    const readAt = clock.elapsedMs();
    const { ignored = '', lock = { owner: '', lockMs: 0 }, despitePause = false } = search;
    const fingerprints = despitePause ? [] : limits.fingerprints(member);
    const argument = { ignored, fingerprints, ...lock };
    const reply = await stateful(runScript(redis, findToken, keysOf(member), argument));
    const [kind, sealed, remainingMs, pauseMs, code] = reply;
    const token = kind === 'token' ? open(member, sealed, readAt + remainingMs) : undefined;
    return { kind, sealed, remainingMs, pauseMs, code, token };
  }

  return {
    async find(member, search = {}) {
      const { kind, sealed, pauseMs, code, token } = await look(member, search);
      if (kind === 'paused') return { kind, pauseMs, ...(code && { code }) };
      if (kind !== 'token') return { kind };
      return token === undefined ? { kind: 'unusable', sealed } : { kind, token };
    },

    async put(member, granted, owner, replaces) {
      const marginMs = Math.min(LONGEST_MARGIN_MS, granted.lifeMs / 10);
      const spentMs = clock.elapsedMs() - granted.askedAtElapsedMs;
      const lifeMs = Math.floor(granted.lifeMs - spentMs - marginMs);
      if (lifeMs <= 0) {
        const details = { outcome: 'not-sent' } as const;
        throw new MksError('mks-error', 'the token had ended before it came', details);
      }
      const { text: token, reason } = granted;
      const sealed = seal(member, { token, reason, lifeMs, marginMs });
      const argument = { sealed, lifeMs, owner, replaces };
      await stateful(runScript(redis, storeToken, keysOf(member), argument));
      await limits.granted(member, lifeMs);
    },

    async release({ memberCode }, owner) {
      await stateful(runScript(redis, releaseLock, [keys.loginLock(memberCode)], { owner }));
    },

    async state(member) {
      const { remainingMs, pauseMs, token } = await look(member, {});
      return defined({
        expiresAt: token && clock.now() + remainingMs,
        reason: token?.reason,
        refusedUntil: pauseMs > 0 ? clock.now() + pauseMs : undefined,
      });
    },
  };
}
