/**
 * Records how a sending ended. A messageId uses the reference up for good, whichever sending it
 * answers; the rest counts for the present sending alone, and never once a messageId is known.
 *
 * KEYS: 1 the record.
 * ARGV: 1 the reference, 2 the attempt, 3 the state (`answered` or `not-sent`), 4 the messageId or
 *   an empty string, 5 milliseconds that the record of a used reference is kept.
 * Answer: 1 if it was recorded, 0 if not.
 */
import type { Script } from '../script.ts';

export const settleReference: Script = {
  numberOfKeys: 1,
  lua: `
local record = redis.call('HMGET', KEYS[1], 'reference', 'attempt', 'messageId')
if record[1] ~= ARGV[1] then return 0 end
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'state', 'answered', 'messageId', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return 1
end
if record[3] or record[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
return 1
`,
};
