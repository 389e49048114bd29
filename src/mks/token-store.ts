/** The members' tokens as they rest in Redis: sealed, with the lock and the pause around logging in. */
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.ts';
import type { Member } from '../lib/credentials.ts';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import type { Sealer } from '../state/sealing.ts';
import {
  findToken,
  permitLogin,
  refuseLogin,
  releaseLock,
  storeToken,
} from '../state/scripts/tokens.ts';
import { MksError } from './errors.ts';
import { isObject } from './json.ts';
import type { GrantedToken } from './login.ts';
import type { TokenState } from './types.ts';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const PAUSE_REMEMBERED_MS = 60 * 60_000;
/** A token that MKS refuses is replaced at once, but not for ever (rule 4). */
const MAX_LOGINS = 3;
const LOGINS_WINDOW_MS = 60_000;
const LONGEST_MARGIN_MS = 5_000;
const PURPOSE = 'token';

export interface Token {
  /** For the Authorization header; never for a log. */
  text: string;
  /** On the monotonic clock: from then on it is as good as none. */
  expiresAtElapsedMs: number;
  /** On the monotonic clock: until then a message that got it in time may leave with it. */
  sendByElapsedMs: number;
  /** As stored: what the token is known by. */
  sealed: string;
  /** What it had to live when it was stored, in milliseconds. */
  lifeMs: number;
}

export interface StoredToken extends Token {
  /** What MKK said with the token, e.g. that the user has no IP address registered. */
  reason?: string;
}

export type Found =
  | { verdict: 'token'; token: StoredToken }
  /** There is one, but not for this host and user, or it cannot be opened. */
  | { verdict: 'unusable'; sealed: string }
  | { verdict: 'paused'; pauseMs: number; code?: string }
  | { verdict: 'locked' | 'busy' | 'absent' };

export interface TokenStoreDeps {
  redis: Redis;
  keys: Keys;
  stateful: <T>(operation: Promise<T>) => Promise<T>;
  sealer: Sealer;
  clock: Clock;
  baseUrl: string;
}

export type TokenStore = ReturnType<typeof createTokenStore>;

export function createTokenStore({
  redis,
  keys,
  stateful,
  sealer,
  clock,
  baseUrl,
}: TokenStoreDeps) {
  const keysOf = ({ memberCode }: Member): [string, string, string] => [
    keys.token(memberCode),
    keys.loginRefusal(memberCode),
    keys.loginLock(memberCode),
  ];
  // Another user's or another password's refusal says nothing of this one's; another key does not
  // make it another password.
  const passwordFingerprints = ({ memberCode, userCode, password }: Member) =>
    sealer.fingerprints(memberCode, 'login', JSON.stringify([baseUrl, userCode, password]));

  function open(member: Member, sealed: string, remainingMs: number, readAt: number) {
    try {
      const record: unknown = JSON.parse(
        sealer.open(member.memberCode, PURPOSE, sealed).toString(),
      );
      if (!isObject(record)) return undefined;
      const { token, lifeMs, marginMs, reason } = record;
      if (record['baseUrl'] !== baseUrl || record['userCode'] !== member.userCode) return undefined;
      if (typeof token !== 'string') return undefined;
      if (typeof lifeMs !== 'number' || typeof marginMs !== 'number') return undefined;
      const expiresAtElapsedMs = readAt + remainingMs;
      return {
        text: token,
        sealed,
        lifeMs,
        expiresAtElapsedMs,
        sendByElapsedMs: expiresAtElapsedMs + marginMs / 2,
        ...(typeof reason === 'string' && { reason }),
      };
    } catch {
      // Sealed under a key that is gone: as good as no token.
      return undefined;
    }
  }

  async function look(
    member: Member,
    ignored: string,
    owner: string,
    lockMs: number,
    despitePause = false,
  ) {
    // Before the question: the answer may have taken a while, and life only gets shorter.
    const readAt = clock.elapsedMs();
    const fingerprints = despitePause ? [] : passwordFingerprints(member);
    const argument = { ignored, fingerprints, owner, lockMs };
    const reply = await stateful(runScript(redis, findToken, keysOf(member), argument));
    return { reply, readAt };
  }

  return {
    /** Looks for a token; with `lockMs` > 0 takes the lock where there is none. */
    async find(
      member: Member,
      ignored: string,
      owner: string,
      lockMs: number,
      despitePause = false,
    ): Promise<Found> {
      const { reply, readAt } = await look(member, ignored, owner, lockMs, despitePause);
      const [verdict, sealed, remainingMs, pauseMs, code] = reply;
      if (verdict === 'paused') return { verdict, pauseMs, ...(code && { code }) };
      if (verdict !== 'token') return { verdict };
      const token = open(member, sealed, remainingMs, readAt);
      return token === undefined ? { verdict: 'unusable', sealed } : { verdict, token };
    },

    /**
     * Stores a granted token for what is left of its life, less a margin: half of it for what a
     * message still has to do before it leaves, half for its way to MKS.
     * @throws MksError when nothing is left of it.
     */
    async put(member: Member, granted: GrantedToken, owner: string, replaces: string) {
      const marginMs = Math.min(LONGEST_MARGIN_MS, granted.lifeMs / 10);
      const spentMs = clock.elapsedMs() - granted.askedAtElapsedMs;
      const lifeMs = Math.floor(granted.lifeMs - spentMs - marginMs);
      if (lifeMs <= 0) {
        throw new MksError('mks-error', 'the token had ended before it came', {
          outcome: 'not-sent',
        });
      }
      const record = {
        token: granted.text,
        baseUrl,
        userCode: member.userCode,
        reason: granted.reason,
        lifeMs,
        marginMs,
      };
      const sealed = sealer.seal(member.memberCode, PURPOSE, JSON.stringify(record));
      await stateful(
        runScript(redis, storeToken, keysOf(member), { sealed, lifeMs, owner, replaces }),
      );
      // Tokens that live so briefly are renewed as they end: their logins are no sign of a fault.
      if (lifeMs < LOGINS_WINDOW_MS) {
        await stateful(redis.pexpire(keys.logins(member.memberCode), lifeMs, 'LT'));
      }
    },

    /** @returns 0 when the member may log in now, and counts it; else the milliseconds to wait. */
    async permitLogin({ memberCode }: Member): Promise<number> {
      const limits = { limit: MAX_LOGINS, windowMs: LOGINS_WINDOW_MS };
      return stateful(runScript(redis, permitLogin, [keys.logins(memberCode)], limits));
    },

    /** Records a refused login. @returns the pause in milliseconds. */
    async refuse(member: Member, owner: string, code: string): Promise<number> {
      const { memberCode } = member;
      const reply = runScript(
        redis,
        refuseLogin,
        [keys.loginRefusal(memberCode), keys.loginLock(memberCode)],
        {
          fingerprints: passwordFingerprints(member),
          firstPauseMs: FIRST_PAUSE_MS,
          longestPauseMs: LONGEST_PAUSE_MS,
          rememberedMs: PAUSE_REMEMBERED_MS,
          code,
          owner,
        },
      );
      return stateful(reply);
    },

    async release({ memberCode }: Member, owner: string): Promise<void> {
      await stateful(runScript(redis, releaseLock, [keys.loginLock(memberCode)], { owner }));
    },

    async state(member: Member): Promise<TokenState> {
      const { reply, readAt } = await look(member, '', '', 0);
      const [verdict, sealed, remainingMs, pauseMs] = reply;
      const token = verdict === 'token' ? open(member, sealed, remainingMs, readAt) : undefined;
      return {
        ...(token && { expiresAt: clock.now() + remainingMs }),
        ...(token?.reason !== undefined && { reason: token.reason }),
        ...(pauseMs > 0 && { refusedUntil: clock.now() + pauseMs }),
      };
    },
  };
}
