/** A token as it rests in Redis: sealed for its member, and of use for one host and user alone. */
import { defined } from '../lib/defined.ts';
import type { Member } from '../lib/credentials.ts';
import { stateful } from '../state/connection.ts';
import type { Sampler } from '../state/samples.ts';
import type { Sealer } from '../state/sealing.ts';
import { isObject } from './json.ts';

const PURPOSE = 'token';

/** The member's token, by which the sealing keys are tried. */
export const sampleTokens: Sampler = async ({ redis, keys }, memberCode) => {
  const sealed = await stateful(redis.get(keys.token(memberCode)));
  return sealed === null ? [] : [{ memberCode, purpose: PURPOSE, sealed }];
};

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

/** The same token with what Redis now says of its end. */
export function endingAt<T extends Token>(token: T, expiresAtElapsedMs: number): T {
  const afterMs = token.sendByElapsedMs - token.expiresAtElapsedMs;
  return { ...token, expiresAtElapsedMs, sendByElapsedMs: expiresAtElapsedMs + afterMs };
}

export interface StoredToken extends Token {
  /** What MKK said with the token, e.g. that the user has no IP address registered. */
  reason?: string;
}

/** What is sealed of a token beside the host and the user that it is for. */
export interface TokenContent {
  token: string;
  reason?: string | undefined;
  lifeMs: number;
  /** How long before its end it is as good as none, in milliseconds. */
  marginMs: number;
}

/** Seals and opens the tokens for one host. */
export interface TokenSeal {
  seal(member: Member, content: TokenContent): string;
  /**
   * @param expiresAtElapsedMs on the monotonic clock.
   * @returns undefined for a token of another host or user, or under a key that is gone: as good
   *   as none.
   */
  open(member: Member, sealed: string, expiresAtElapsedMs: number): StoredToken | undefined;
}

export function createTokenSeal(sealer: Sealer, baseUrl: string): TokenSeal {
  return {
    seal({ memberCode, userCode }, { token, reason, lifeMs, marginMs }) {
      const record = { token, baseUrl, userCode, reason, lifeMs, marginMs };
      return sealer.seal(memberCode, PURPOSE, JSON.stringify(record));
    },

    open({ memberCode, userCode }, sealed, expiresAtElapsedMs) {
      try {
        const record: unknown = JSON.parse(sealer.open(memberCode, PURPOSE, sealed).toString());
        if (!isObject(record)) return undefined;
        if (record['baseUrl'] !== baseUrl || record['userCode'] !== userCode) return undefined;
        const { token, lifeMs, marginMs, reason } = record;
        if (typeof token !== 'string') return undefined;
        if (typeof lifeMs !== 'number' || typeof marginMs !== 'number') return undefined;
        return {
          text: token,
          sealed,
          lifeMs,
          expiresAtElapsedMs,
          sendByElapsedMs: expiresAtElapsedMs + marginMs / 2,
          ...defined({ reason: typeof reason === 'string' ? reason : undefined }),
        };
      } catch {
        return undefined;
      }
    },
  };
}
