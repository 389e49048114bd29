/** The scripts of tokens: found and stored, with the lock, the pause and the limit of logging in. */
import { defineScript } from '../script.ts';

export const findToken = defineScript<
  { ignored: string; fingerprints: readonly string[]; owner: string; lockMs: number },
  [
    kind: 'token' | 'paused' | 'locked' | 'busy' | 'absent',
    sealed: string,
    remainingMs: number,
    pauseMs: number,
    code: string,
  ]
>('tokens/find', 3);

export const storeToken = defineScript<
  { sealed: string; lifeMs: number; owner: string; replaces: string },
  0 | 1
>('tokens/store', 3);

export const refuseLogin = defineScript<
  {
    fingerprints: readonly string[];
    firstPauseMs: number;
    longestPauseMs: number;
    rememberedMs: number;
    code: string;
    owner: string;
  },
  number
>('tokens/refuse-login', 2);

export const releaseLock = defineScript<{ owner: string }, 0 | 1>('tokens/release-lock', 1);

export const permitLogin = defineScript<{ limit: number; windowMs: number }, number>(
  'tokens/permit-login',
  1,
);
