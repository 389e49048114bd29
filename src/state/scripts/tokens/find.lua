-- Finds the member's token; where there is none, tells whether logging in is paused and, if asked
-- to, takes the lock of those who log in. All at one instant, so that no second login can start
-- between the look and the lock.
--
-- KEYS: 1 the token, 2 the refusal, 3 the lock.
-- Argument: ignored (a sealed token that is as good as none, or ''), fingerprints (of the
--   password), owner (id), lockMs (milliseconds to hold the lock, 0 to only look).
-- Answer: { kind, sealed token, its milliseconds left, milliseconds of pause left, code of the
--   refusal }: kind `token`, `paused`, `locked` (the owner now holds it), `busy` (another does)
--   or `absent` (only looked). What does not apply is an empty string or 0.
local given = cjson.decode(ARGV[1])
--- @include now
--- @include one-of
local refusal = redis.call('HMGET', KEYS[2], 'fingerprint', 'until', 'code')
local pause, code = 0, ''
if isOneOf(refusal[1], given.fingerprints) and tonumber(refusal[2]) > now then
  pause = tonumber(refusal[2]) - now
  code = refusal[3]
end
local sealed = redis.call('GET', KEYS[1])
if sealed and sealed ~= given.ignored then
  return { 'token', sealed, redis.call('PTTL', KEYS[1]), pause, code }
end
if pause > 0 then return { 'paused', '', 0, pause, code } end
if given.lockMs == 0 then return { 'absent', '', 0, 0, '' } end
if redis.call('SET', KEYS[3], given.owner, 'NX', 'PX', given.lockMs) then
  return { 'locked', '', 0, 0, '' }
end
return { 'busy', '', 0, 0, '' }
