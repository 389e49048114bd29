-- Issues a member's next reference and records it before its message can leave.
--
-- A token that a process remembers is looked at in the same breath: where another is stored by now,
-- nothing is issued, so that what one replica learned of tokens holds for all from the next message on.
--
-- KEYS: 1 the member's counter, 2 the record to be (named by the random part), 3 the token.
-- Argument: prefix, random (the random part), service, payload (its fingerprint), sendingMs (that
--   the sending may take), keptMs (that the record is kept), tokenEnd (how the sealed token ends that
--   the message is to bear, or '' where that does not matter).
-- Answer: { reference, the stored token's milliseconds left }: '' and 0 where that token is not the
--   stored one, 0 where it does not matter.
--
-- A record is a hash: reference, service, payload, state (`sending`, `answered`, `not-sent`),
-- attempt (which sending), deadline (ms of Redis's clock), messageId (once an answer bore one).
-- Redis's clock and no other decides when a sending is over, so replicas need not agree on time.
local given = cjson.decode(ARGV[1])
--- @include now
local remaining = 0
if given.tokenEnd ~= '' then
  if redis.call('GETRANGE', KEYS[3], -#given.tokenEnd, -1) ~= given.tokenEnd then return { '', 0 } end
  remaining = redis.call('PTTL', KEYS[3])
end
local number = redis.call('INCR', KEYS[1])
local reference = given.prefix .. string.format('%.0f', number) .. '-' .. given.random
redis.call('HSET', KEYS[2], 'reference', reference, 'service', given.service,
  'payload', given.payload, 'state', 'sending', 'attempt', 1,
  'deadline', string.format('%.0f', now + given.sendingMs))
redis.call('PEXPIRE', KEYS[2], given.keptMs)
return { reference, remaining }
