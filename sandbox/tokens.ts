/** Tokens as the login gives them: JWTs signed by MKK, live for an hour by the sandbox's clock (MKS 3.2). */
import { randomUUID, type KeyObject } from 'node:crypto';
import type { SandboxClock } from './clock.ts';
import { istanbulTime } from './istanbul.ts';
import { signJws } from './jws.ts';
import type { JsonObject } from './json.ts';

export interface Token {
  id: string;
  member: string;
  expiresAtMs: number;
}

export interface Tokens {
  /** A new token in the shape of the login's answer (MKS 3.2.5); older ones stay good. */
  issue(member: string, responseHeader: JsonObject, reason: string | undefined): JsonObject;
  /** The token if it was issued here, has not been revoked and is not over. */
  find(text: string): Token | undefined;
  /** Ends all tokens of all members. */
  revokeAll(): void;
}

/** @param deps.lifetimeSeconds how long a token is good. */
export function createTokens(deps: {
  clock: SandboxClock;
  key: KeyObject;
  lifetimeSeconds: number;
}): Tokens {
  const { clock, key, lifetimeSeconds } = deps;
  const tokens = new Map<string, Token>();
  return {
    issue(member, responseHeader, reason) {
      const nowMs = clock.now();
      const id = randomUUID();
      const expiresAtMs = nowMs + lifetimeSeconds * 1000;
      const text = signJws(
        {
          iss: 'idg',
          sub: 'adminToken',
          exp: Math.floor(expiresAtMs / 1000),
          jti: id,
          claim: {
            auth: 'OK',
            ipList: [null],
            ...(reason === undefined ? {} : { reason }),
            responseHeader,
          },
        },
        key,
      );
      tokens.set(text, { id, member, expiresAtMs });
      return {
        tokenType: 'Bearer',
        token: text,
        Created: istanbulTime(nowMs),
        LifeTime: String(lifetimeSeconds),
      };
    },
    find(text) {
      const token = tokens.get(text);
      return token !== undefined && clock.now() < token.expiresAtMs ? token : undefined;
    },
    revokeAll() {
      tokens.clear();
    },
  };
}
