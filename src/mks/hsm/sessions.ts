/** A few sessions of one token: each does one thing at a time, and whoever finds none free waits in line. */
import type { Handle } from 'pkcs11js';
import { createLimiter } from '../../lib/limiter.ts';

/** As many signatures as Node's thread pool takes side by side. */
const MOST_SESSIONS = 4;

export interface Sessions {
  use<T>(task: (session: Handle) => Promise<T>): Promise<T>;
}

/**
 * @param first is open already.
 * @param open opens another, and throws where the token gives no more: then those that are open do.
 */
export function createSessions(first: Handle, open: () => Handle): Sessions {
  const idle = [first];
  try {
    while (idle.length < MOST_SESSIONS) idle.push(open());
  } catch {
    // Tokens bound the number of sessions, and say so in this way alone.
  }
  const limit = createLimiter(idle.length);
  return {
    use: (task) =>
      limit(async () => {
        const session = idle.pop();
        if (session === undefined) throw new Error('more tasks than sessions');
        try {
          return await task(session);
        } finally {
          idle.push(session);
        }
      }),
  };
}
