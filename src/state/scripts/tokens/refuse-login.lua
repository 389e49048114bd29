-- Records a refused login and lets the lock go. The pause doubles with each refusal of the same
-- password and begins anew with another one.
--
-- KEYS: 1 the refusal, 2 the lock.
-- Argument: fingerprints (of the password; the first is recorded), firstPauseMs, longestPauseMs,
--   rememberedMs (how long the pause is remembered after it has ended), code (of the refusal, or
--   ''), owner (id).
-- Answer: the pause in milliseconds.
local given = cjson.decode(ARGV[1])
--- @include now
--- @include one-of
local last = redis.call('HMGET', KEYS[1], 'fingerprint', 'pause')
local pause = given.firstPauseMs
if isOneOf(last[1], given.fingerprints) then
  pause = math.min(tonumber(last[2]) * 2, given.longestPauseMs)
end
redis.call('HSET', KEYS[1], 'fingerprint', given.fingerprints[1], 'pause', pause,
  'code', given.code, 'until', string.format('%.0f', now + pause))
redis.call('PEXPIRE', KEYS[1], pause + given.rememberedMs)
if redis.call('GET', KEYS[2]) == given.owner then redis.call('DEL', KEYS[2]) end
return pause
