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
import { type LoginLimits, LOGINS_WINDOW_MS } from './login-limits.ts';
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
  const failures = createLastFailures(clock);
  const logIn = createLogIn(deps, failures);

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
        else if (found.kind === 'locked') await logIn(member, owner, ignored);
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
      if (kind === 'locked') await logIn(member, owner, ignored);
    },
  };
}

type LogIn = (member: Member, owner: string, replaces: string) => Promise<void>;

/** Logs in under the lock that `owner` holds; the token is then in Redis, this one or a newer. */
function createLogIn(
  { store, limits, login, log }: SharedLoginDeps,
  failures: ReturnType<typeof createLastFailures>,
): LogIn {
  return async (member, owner, replaces) => {
    const { memberCode } = member;
    const waitMs = await limits.permit(member);
    if (waitMs > 0) {
      await store.release(member, owner);
      throw limitedError(waitMs, failures.last(memberCode));
    }
    try {
      await store.put(member, await login(member), owner, replaces);
      failures.forget(memberCode);
      log.info({ member: memberCode }, 'logged in to MKS');
    } catch (error) {
      if (error instanceof MksError && error.code === 'mks-login-refused') {
        const { mksCode, httpStatus } = error.details;
        const pauseMs = await limits.refuse(member, owner, mksCode ?? '');
        const told = { member: memberCode, mksCode, httpStatus, pauseMs };
        log.warn(told, 'MKK refused the login; pausing');
        throw pausedError(pauseMs, mksCode, error);
      }
      // If even these fail the lock ends by itself, and the first failure is the one to tell.
      if (error instanceof MksError) {
        failures.note(memberCode, error);
        if (error.code === 'mks-unreachable') await limits.uncount(member).catch(() => undefined);
      }
      await store.release(member, owner).catch(() => undefined);
      throw error;
    }
  };
}

/** What each member's last login in this process failed with, for as long as it counts. */
function createLastFailures(clock: Clock) {
  const failures = new Map<string, { error: MksError; at: number }>();
  return {
    note: (memberCode: string, error: MksError) =>
      void failures.set(memberCode, { error, at: clock.elapsedMs() }),
    forget: (memberCode: string) => void failures.delete(memberCode),
    last(memberCode: string): MksError | undefined {
      const { error, at = -Infinity } = failures.get(memberCode) ?? {};
      return clock.elapsedMs() - at < LOGINS_WINDOW_MS ? error : undefined;
    },
  };
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

/** What a caller is told after too many logins: what the last of them failed with, if it did. */
function limitedError(waitMs: number, last?: MksError): MksError {
  const retryAfterMs = waitMs;
  if (last !== undefined) {
    const message = `${last.message}; the next login waits`;
    return new MksError(last.code, message, { ...last.details, retryAfterMs }, last);
  }
  return new MksError(
    'mks-login-refused',
    'there were three logins within a minute; the next one waits',
    { outcome: 'not-sent', retryAfterMs },
  );
}
