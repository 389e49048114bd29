-- Lets a lock go, if it is still the owner's.
--
-- KEYS: 1 the lock.
-- Argument: owner (id).
-- Answer: 1 if it was, 0 if not.
if redis.call('GET', KEYS[1]) ~= cjson.decode(ARGV[1]).owner then return 0 end
return redis.call('DEL', KEYS[1])
