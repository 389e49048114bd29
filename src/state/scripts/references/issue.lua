-- Issues a member's next reference and records it before its message can leave.
--
-- KEYS: 1 the member's counter, 2 the record to be (named by the random part).
-- Argument: prefix, random (the random part), service, payload (its fingerprint), sendingMs (that
--   the sending may take), keptMs (that the record is kept).
-- Answer: the reference.
--
-- A record is a hash: reference, service, payload, state (`sending`, `answered`, `not-sent`),
-- attempt (which sending), deadline (ms of Redis's clock), messageId (once an answer bore one).
-- Redis's clock and no other decides when a sending is over, so replicas need not agree on time.
local given = cjson.decode(ARGV[1])
--- @include now
local number = redis.call('INCR', KEYS[1])
local reference = given.prefix .. string.format('%.0f', number) .. '-' .. given.random
redis.call('HSET', KEYS[2], 'reference', reference, 'service', given.service,
  'payload', given.payload, 'state', 'sending', 'attempt', 1,
  'deadline', string.format('%.0f', now + given.sendingMs))
redis.call('PEXPIRE', KEYS[2], given.keptMs)
return reference
