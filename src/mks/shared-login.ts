/**
 * One login for all replicas: whoever holds the lock in Redis logs in, the others wait for its token.
 *
 * A refused login pauses everybody; too many logins in a minute have to wait.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Member } from '../lib/credentials.ts';
import { MksError } from './errors.ts';
import type { LoginLimits } from './login-limits.ts';
import type { Login } from './login.ts';
import type { Token } from './stored-token.ts';
import type { TokenStore } from './token-store.ts';

export interface SharedLoginDeps {
  store: TokenStore;
  limits: LoginLimits;
  login: Login;
  clock: Clock;
  log: Logger;
  /** The longest that a login can take, in milliseconds. */
  loginMs: number;
}

/** @throws MksError with outcome not-sent, StateUnavailableError. */
export interface SharedLogin {
  /**
   * Waits for a token: logs in if the lock is free, else for whoever holds it.
   * @param refused the sealed token that is not to be had again, or ''.
   */
  obtain(member: Member, refused?: string, despitePause?: boolean): Promise<Token>;
  /** Logs in while the present token serves, unless another process is at it already. */
  renew(member: Member, token: Token): Promise<void>;
}

const POLL_MS = 50;
const LOCK_MARGIN_MS = 5_000;

export function createSharedLogin(deps: SharedLoginDeps): SharedLogin {
  const { store, clock } = deps;
  const lockMs = deps.loginMs + LOCK_MARGIN_MS;

  return {
    async obtain(member, refused = '', despitePause = false) {
      const owner = randomUUID();
      let ignored = refused;
      const giveUpAt = clock.elapsedMs() + lockMs;
      while (clock.elapsedMs() < giveUpAt) {
        const search = { ignored, lock: { owner, lockMs }, despitePause };
        const found = await store.find(member, search);
        if (found.kind === 'token') return found.token;
        if (found.kind === 'paused') throw pausedError(found.pauseMs, found.code);
        if (found.kind === 'unusable') ignored = found.sealed;
        else if (found.kind === 'locked') await logIn(deps, member, owner, ignored);
        else await sleep(POLL_MS);
      }
      throw new MksError('mks-unreachable', 'another process logs in to MKS and does not finish', {
        outcome: 'not-sent',
        retryAfterMs: 1000,
      });
    },

    async renew(member, token) {
      const owner = randomUUID();
      const ignored = token.sealed;
      const { kind } = await store.find(member, { ignored, lock: { owner, lockMs } });
      if (kind === 'locked') await logIn(deps, member, owner, ignored);
    },
  };
}

/** Logs in under the lock that `owner` holds; the token is then in Redis, this one or a newer. */
async function logIn(
  { store, limits, login, log }: SharedLoginDeps,
  member: Member,
  owner: string,
  replaces: string,
): Promise<void> {
  const waitMs = await limits.permit(member);
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
      const pauseMs = await limits.refuse(member, owner, mksCode ?? '');
      const told = { member: member.memberCode, mksCode, httpStatus, pauseMs };
      log.warn(told, 'MKK refused the login; pausing');
      throw pausedError(pauseMs, mksCode, error);
    }
    // If even this fails the lock ends by itself, and the first failure is the one to tell.
    await store.release(member, owner).catch(() => undefined);
    throw error;
  }
}

/** What a caller is told in the pause after a refused login. */
export function pausedError(pauseMs: number, mksCode?: string, cause?: unknown): MksError {
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
