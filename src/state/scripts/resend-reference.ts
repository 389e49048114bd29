/**
 * Marks an issued reference as being sent again, if the rule allows it (MKS 3.2.2): the same
 * member, service and payload, no answer with a messageId, and no sending under way.
 *
 * KEYS: 1 the record.
 * ARGV: 1 the reference, 2 service, 3 the payload's fingerprints (one of them was recorded),
 *   4 milliseconds that the sending may take, 5 milliseconds that the record is kept.
 * Answer: { verdict, number }: `sending` and which attempt it is; `under-way` and the milliseconds
 *   until its deadline; `used`, or `other` (not issued here for this), and 0.
 */
import type { Script } from '../script.ts';
import { isOneOfLua } from './one-of.ts';

export const resendReference: Script = {
  numberOfKeys: 1,
  lua: `${isOneOfLua}
local record = redis.call('HMGET', KEYS[1],
  'reference', 'service', 'payload', 'state', 'deadline', 'messageId')
if record[1] ~= ARGV[1] or record[2] ~= ARGV[2] or not isOneOf(record[3], ARGV[3]) then
  return { 'other', 0 }
end
if record[6] then return { 'used', 0 } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deadline = tonumber(record[5])
if record[4] == 'sending' and now < deadline then
  return { 'under-way', deadline - now }
end
local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
redis.call('HSET', KEYS[1], 'state', 'sending', 'deadline', string.format('%.0f', now + ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { 'sending', attempt }
`,
};
