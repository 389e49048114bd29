-- Stores a new token, ends the pause and lets the lock go. One whose owner has lost the lock does
-- not overwrite what another process has stored since: the newer login may have ended its token.
--
-- KEYS: 1 the token, 2 the refusal, 3 the lock.
-- Argument: sealed (the token), lifeMs (its milliseconds to live), owner (id), replaces (the sealed
--   token that it replaces, or '').
-- Answer: 1 if it was stored, 0 if not.
local given = cjson.decode(ARGV[1])
if redis.call('GET', KEYS[3]) == given.owner then
  redis.call('DEL', KEYS[3])
else
  local present = redis.call('GET', KEYS[1])
  if present and present ~= given.replaces then return 0 end
end
redis.call('SET', KEYS[1], given.sealed, 'PX', given.lifeMs)
redis.call('DEL', KEYS[2])
return 1
