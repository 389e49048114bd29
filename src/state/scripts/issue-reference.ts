/**
 * Issues a member's next reference and records it before its message can leave.
 *
 * KEYS: 1 the member's counter, 2 the record to be (named by the random part).
 * ARGV: 1 prefix, 2 random part, 3 service, 4 fingerprint of the payload, 5 milliseconds that the
 *   sending may take, 6 milliseconds that the record is kept.
 * Answer: the reference.
 *
 * A record is a hash: reference, service, payload, state (`sending`, `answered`, `not-sent`),
 * attempt (which sending), deadline (ms of Redis's clock), messageId (once an answer bore one).
 * Redis's clock and no other decides when a sending is over, so replicas need not agree on time.
 */
import type { Script } from '../script.ts';

export const issueReference: Script = {
  numberOfKeys: 2,
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local number = redis.call('INCR', KEYS[1])
local reference = ARGV[1] .. string.format('%.0f', number) .. '-' .. ARGV[2]
redis.call('HSET', KEYS[2], 'reference', reference, 'service', ARGV[3], 'payload', ARGV[4],
  'state', 'sending', 'attempt', 1, 'deadline', string.format('%.0f', now + ARGV[5]))
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return reference
`,
};
