/**
 * The members' tokens: one login per member and token life, across all replicas.
 *
 * A token lives in Redis, sealed, and dies there by the key's own expiry, counted from before its
 * login was sent: no process's wall clock takes part. The old one serves until the new one is in.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import type { Sealer } from '../state/sealing.ts';
import { MksError } from './errors.ts';
import type { Login } from './login.ts';
import { createTokenStore, type StoredToken, type Token } from './token-store.ts';
import type { TokenState } from './types.ts';

export interface Tokens {
  /** @throws MksError with outcome not-sent when there is none to be had; StateUnavailableError. */
  get(member: Member): Promise<Token>;
  /**
   * Sees to it that there is a token, and logs in for it even in the pause after a refused login:
   * once, for a person who asks.
   */
  ensure(member: Member): Promise<void>;
  /**
   * The token after one that MKS refused: the stored one if it is another by now, else a new one.
   * Until that is in, the refused one stays: it may serve other services (OI006).
   * @throws MksError `mks-login-refused` with `retryAfterMs` after too many logins in a minute.
   */
  replace(member: Member, refused: Token): Promise<Token>;
  state(member: Member): Promise<TokenState>;
  /** Waits for renewals in the background. */
  close(): Promise<void>;
}

export interface TokenDeps {
  redis: Redis;
  keys: Keys;
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
  login: Login;
  baseUrl: string;
  /** The longest that a login can take, in milliseconds. */
  loginMs: number;
}

const POLL_MS = 50;
const RENEW_AHEAD_MS = 5 * 60_000;
const RENEW_AGAIN_MS = 10_000;
const LOCK_MARGIN_MS = 5_000;

export function createTokens(deps: TokenDeps): Tokens {
  const { clock, log, login } = deps;
  const store = createTokenStore(deps);
  const logins = new Map<string, Promise<Token>>();
  const renewals = new Map<string, Promise<void>>();
  const renewAgainAt = new Map<string, number>();
  const lockMs = deps.loginMs + LOCK_MARGIN_MS;

  /** Logs in under the lock that `owner` holds; the token is then in Redis, this one or a newer. */
  async function logIn(member: Member, owner: string, replaces: string): Promise<void> {
    const waitMs = await store.permitLogin(member);
    if (waitMs > 0) {
      await store.release(member, owner);
      throw limitedError(waitMs);
    }
    try {
      await store.put(member, await login(member), owner, replaces);
      log.info({ member: member.memberCode }, 'logged in to MKS');
    } catch (error) {
      if (error instanceof MksError && error.code === 'mks-login-refused') {
        const { mksCode, httpStatus } = error.details;
        const pauseMs = await store.refuse(member, owner, mksCode ?? '');
        const told = { member: member.memberCode, mksCode, httpStatus, pauseMs };
        log.warn(told, 'MKK refused the login; pausing');
        throw pausedError(pauseMs, mksCode, error);
      }
      // If even this fails the lock ends by itself, and the first failure is the one to tell.
      await store.release(member, owner).catch(() => undefined);
      throw error;
    }
  }

  /** Waits for a token: logs in if the lock is free, else for whoever holds it. */
  async function obtain(member: Member, refused = '', despitePause = false): Promise<Token> {
    const owner = randomUUID();
    let ignored = refused;
    const giveUpAt = clock.elapsedMs() + lockMs;
    while (clock.elapsedMs() < giveUpAt) {
      const found = await store.find(member, ignored, owner, lockMs, despitePause);
      if (found.verdict === 'token') return found.token;
      if (found.verdict === 'paused') throw pausedError(found.pauseMs, found.code);
      if (found.verdict === 'unusable') ignored = found.sealed;
      else if (found.verdict === 'locked') await logIn(member, owner, ignored);
      else await sleep(POLL_MS);
    }
    throw new MksError('mks-unreachable', 'another process logs in to MKS and does not finish', {
      outcome: 'not-sent',
      retryAfterMs: 1000,
    });
  }

  /** One login at a time in this process; the others wait for the same one. */
  function obtainOnce(member: Member, refused = ''): Promise<Token> {
    const purpose = `${member.memberCode} ${refused}`;
    let under = logins.get(purpose);
    if (under === undefined) {
      under = obtain(member, refused).finally(() => logins.delete(purpose));
      logins.set(purpose, under);
    }
    return under;
  }

  /** Logs in while the present token serves, unless another process is at it already. */
  async function renew(member: Member, token: StoredToken): Promise<void> {
    const owner = randomUUID();
    const found = await store.find(member, token.sealed, owner, lockMs);
    if (found.verdict === 'locked') await logIn(member, owner, token.sealed);
  }

  function renewAhead(member: Member, token: StoredToken): void {
    const { memberCode } = member;
    if (renewals.has(memberCode)) return;
    if (clock.elapsedMs() < (renewAgainAt.get(memberCode) ?? 0)) return;
    renewAgainAt.set(memberCode, clock.elapsedMs() + RENEW_AGAIN_MS);
    const renewal = renew(member, token)
      .catch((error: unknown) => {
        log.warn({ err: error, member: memberCode }, 'the token could not be renewed ahead');
      })
      .finally(() => renewals.delete(memberCode));
    renewals.set(memberCode, renewal);
  }

  return {
    async get(member) {
      const found = await store.find(member, '', '', 0);
      if (found.verdict === 'paused') throw pausedError(found.pauseMs, found.code);
      if (found.verdict !== 'token') return obtainOnce(member);
      const remainingMs = found.token.expiresAtElapsedMs - clock.elapsedMs();
      if (remainingMs < Math.min(RENEW_AHEAD_MS, found.token.lifeMs / 5)) {
        renewAhead(member, found.token);
      }
      return found.token;
    },

    async ensure(member) {
      await obtain(member, '', true);
    },

    replace: (member, refused) => obtainOnce(member, refused.sealed),

    state: (member) => store.state(member),

    close: async () => {
      await Promise.allSettled([...renewals.values(), ...logins.values()]);
    },
  };
}

function pausedError(pauseMs: number, mksCode?: string, cause?: unknown): MksError {
  return new MksError(
    'mks-login-refused',
    'MKK refuses the user or the password; logging in is paused',
    { outcome: 'not-sent', retryAfterMs: pauseMs, ...(mksCode && { mksCode, verified: false }) },
    cause,
  );
}

function limitedError(waitMs: number): MksError {
  return new MksError(
    'mks-login-refused',
    'MKS refuses one token after another; the next login waits',
    { outcome: 'not-sent', retryAfterMs: waitMs },
  );
}
