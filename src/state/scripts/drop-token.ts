/**
 * Removes a token that MKS refused, if it is still the stored one and has been for a while.
 *
 * KEYS: 1 the token.
 * ARGV: 1 the sealed token that was refused, 2 the milliseconds of life above which it is too young
 *   to be replaced.
 * Answer: `replaced` (another one is stored, or none), `young` or `dropped`.
 */
import type { Script } from '../script.ts';

export const dropToken: Script = {
  numberOfKeys: 1,
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'replaced' end
if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then return 'young' end
redis.call('DEL', KEYS[1])
return 'dropped'
`,
};
