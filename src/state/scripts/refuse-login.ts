/**
 * Records a refused login and lets the lock go. The pause doubles with each refusal of the same
 * password and begins anew with another one.
 *
 * KEYS: 1 the refusal, 2 the lock.
 * ARGV: 1 the password's fingerprints, of which the first is recorded, 2 the first pause, 3 the
 *   longest pause, 4 how long the pause is remembered after it has ended (all in milliseconds),
 *   5 code of the refusal or an empty string, 6 owner id.
 * Answer: the pause in milliseconds.
 */
import type { Script } from '../script.ts';
import { isOneOfLua } from './one-of.ts';

export const refuseLogin: Script = {
  numberOfKeys: 2,
  lua: `${isOneOfLua}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('HMGET', KEYS[1], 'fingerprint', 'pause')
local pause = tonumber(ARGV[2])
if isOneOf(last[1], ARGV[1]) then pause = math.min(tonumber(last[2]) * 2, tonumber(ARGV[3])) end
redis.call('HSET', KEYS[1], 'fingerprint', string.match(ARGV[1], '%S+'), 'pause', pause, 'code', ARGV[5],
  'until', string.format('%.0f', now + pause))
redis.call('PEXPIRE', KEYS[1], pause + ARGV[4])
if redis.call('GET', KEYS[2]) == ARGV[6] then redis.call('DEL', KEYS[2]) end
return pause
`,
};
