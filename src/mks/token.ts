/**
 * The members' tokens: one login per member and token life, across all replicas.
 *
 * A token lives in Redis, sealed, and dies there by the key's own expiry, counted from before its
 * login was sent: no process's wall clock takes part. The old one serves until the new one is in.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import type { Sealer } from '../state/sealing.ts';
import { createLoginLimits } from './login-limits.ts';
import type { Login } from './login.ts';
import { createSharedLogin, pausedError, type SharedLogin } from './shared-login.ts';
import type { Token } from './stored-token.ts';
import { createTokenStore } from './token-store.ts';
import type { TokenState } from './types.ts';

export interface Tokens {
  /** @throws MksError with outcome not-sent when there is none to be had; StateUnavailableError. */
  get(member: Member): Promise<Token>;
  /**
   * The token that this process last saw stored, for a message that is only sent if it still is: see
   * References.issue. Its end counts as it was told then. Gone with the member's credentials.
   */
  remembered(member: Member): Token | undefined;
  /** Renews a token ahead, behind everybody's back, once little of its life is left. */
  renewAhead(member: Member, token: Token): void;
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

const RENEW_AHEAD_MS = 5 * 60_000;
const RENEW_AGAIN_MS = 10_000;

export function createTokens(deps: TokenDeps): Tokens {
  const { clock } = deps;
  const limits = createLoginLimits(deps);
  const store = createTokenStore({ ...deps, limits });
  const sharedLogin = createSharedLogin({ ...deps, store, limits });
  const renewals = createRenewals(sharedLogin, deps);
  const logins = new Map<string, Promise<Token>>();
  // By the very object: other credentials are another member, and never find this one's token.
  const remembered = new WeakMap<Member, Token>();

  /** One login at a time in this process; the others wait for the same one. */
  function obtainOnce(member: Member, refused = ''): Promise<Token> {
    const purpose = `${member.memberCode} ${refused}`;
    let under = logins.get(purpose);
    if (under === undefined) {
      under = sharedLogin
        .obtain(member, refused)
        .then((token) => remember(member, token))
        .finally(() => logins.delete(purpose));
      logins.set(purpose, under);
    }
    return under;
  }

  function remember(member: Member, token: Token): Token {
    remembered.set(member, token);
    return token;
  }

  return {
    async get(member) {
      const found = await store.find(member);
      if (found.kind === 'paused') throw pausedError(found.pauseMs, found.code);
      return found.kind === 'token' ? remember(member, found.token) : obtainOnce(member);
    },

    remembered: (member) => remembered.get(member),

    renewAhead(member, token) {
      const remainingMs = token.expiresAtElapsedMs - clock.elapsedMs();
      if (remainingMs < Math.min(RENEW_AHEAD_MS, token.lifeMs / 5)) renewals.begin(member, token);
    },

    async ensure(member) {
      await sharedLogin.obtain(member, '', true);
    },

    replace: (member, refused) => obtainOnce(member, refused.sealed),

    state: (member) => store.state(member),

    close: async () => {
      await Promise.allSettled([...renewals.underWay(), ...logins.values()]);
    },
  };
}

/** Renewals in the background: one at a time for a member, and none again at once. */
function createRenewals(sharedLogin: SharedLogin, { clock, log }: TokenDeps) {
  const underWay = new Map<string, Promise<void>>();
  const againAt = new Map<string, number>();
  return {
    begin(member: Member, token: Token): void {
      const { memberCode } = member;
      if (underWay.has(memberCode)) return;
      if (clock.elapsedMs() < (againAt.get(memberCode) ?? 0)) return;
      againAt.set(memberCode, clock.elapsedMs() + RENEW_AGAIN_MS);
      const renewal = sharedLogin
        .renew(member, token)
        .catch((error: unknown) => {
          log.warn({ err: error, member: memberCode }, 'the token could not be renewed ahead');
        })
        .finally(() => underWay.delete(memberCode));
      underWay.set(memberCode, renewal);
    },
    underWay: () => underWay.values(),
  };
}
