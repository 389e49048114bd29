-- Records how a sending ended. A messageId uses the reference up for good, whichever sending it
-- answers; the rest counts for the present sending alone, and never once a messageId is known.
--
-- KEYS: 1 the record.
-- Argument: reference, attempt, state (`answered` or `not-sent`), messageId (may be absent),
--   usedKeptMs (that the record of a used reference is kept).
-- Answer: 1 if it was recorded, 0 if not.
local given = cjson.decode(ARGV[1])
local record = redis.call('HMGET', KEYS[1], 'reference', 'attempt', 'messageId')
if record[1] ~= given.reference then return 0 end
if given.messageId then
  redis.call('HSET', KEYS[1], 'state', 'answered', 'messageId', given.messageId)
  redis.call('PEXPIRE', KEYS[1], given.usedKeptMs)
  return 1
end
if record[3] or tonumber(record[2]) ~= given.attempt then return 0 end
redis.call('HSET', KEYS[1], 'state', given.state)
return 1
