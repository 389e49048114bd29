/**
 * Counts a member's logins, of all replicas: permits one more, or tells how long to wait for it.
 *
 * KEYS: 1 the times of the last logins (list of wall ms of Redis, the newest first).
 * ARGV: 1 how many logins, 2 in how many milliseconds.
 * Answer: 0 when it is permitted, and then it counts; else the milliseconds until the next one is.
 */
import type { Script } from '../script.ts';

export const permitLogin: Script = {
  numberOfKeys: 1,
  lua: `
local limit, windowMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = tonumber(redis.call('LINDEX', KEYS[1], limit - 1) or 0)
if oldest + windowMs > now then return oldest + windowMs - now end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, limit - 1)
redis.call('PEXPIRE', KEYS[1], windowMs)
return 0
`,
};
