/**
 * Lets a lock go, if it is still the owner's.
 *
 * KEYS: 1 the lock. ARGV: 1 owner id. Answer: 1 if it was, 0 if not.
 */
import type { Script } from '../script.ts';

export const releaseLock: Script = {
  numberOfKeys: 1,
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`,
};
