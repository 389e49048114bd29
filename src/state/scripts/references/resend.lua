-- Marks an issued reference as being sent again, if the rule allows it (MKS 3.2.2): the same
-- member, service and payload, no answer with a messageId, and no sending under way.
--
-- KEYS: 1 the record.
-- Argument: reference, service, payloads (fingerprints, one of which was recorded), sendingMs (that
--   the sending may take), keptMs (that the record is kept).
-- Answer: { standing, number }: `sending` and which attempt it is; `under-way` and the milliseconds
--   until its deadline; `used`, or `other` (not issued here for this), and 0.
local given = cjson.decode(ARGV[1])
--- @include now
--- @include one-of
local record = redis.call('HMGET', KEYS[1],
  'reference', 'service', 'payload', 'state', 'deadline', 'messageId')
if record[1] ~= given.reference or record[2] ~= given.service
  or not isOneOf(record[3], given.payloads) then
  return { 'other', 0 }
end
if record[6] then return { 'used', 0 } end
local deadline = tonumber(record[5])
if record[4] == 'sending' and now < deadline then
  return { 'under-way', deadline - now }
end
local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
redis.call('HSET', KEYS[1], 'state', 'sending',
  'deadline', string.format('%.0f', now + given.sendingMs))
redis.call('PEXPIRE', KEYS[1], given.keptMs)
return { 'sending', attempt }
