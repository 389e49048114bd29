/**
 * Stores a new token, ends the pause and lets the lock go. One whose owner has lost the lock does
 * not overwrite what another process has stored since: the newer login may have ended its token.
 *
 * KEYS: 1 the token, 2 the refusal, 3 the lock.
 * ARGV: 1 the sealed token, 2 its milliseconds to live, 3 owner id, 4 the sealed token that it
 *   replaces, or an empty string.
 * Answer: 1 if it was stored, 0 if not.
 */
import type { Script } from '../script.ts';

export const storeToken: Script = {
  numberOfKeys: 3,
  lua: `
if redis.call('GET', KEYS[3]) == ARGV[3] then
  redis.call('DEL', KEYS[3])
else
  local present = redis.call('GET', KEYS[1])
  if present and present ~= ARGV[4] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
`,
};
