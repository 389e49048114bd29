-- Counts a member's logins, of all replicas: permits one more, or tells how long to wait for it.
--
-- KEYS: 1 the times of the last logins (list of wall ms of Redis, the newest first).
-- Argument: limit (how many logins), windowMs (in how many milliseconds).
-- Answer: 0 when it is permitted, and then it counts; else the milliseconds until the next one is.
local given = cjson.decode(ARGV[1])
--- @include now
local oldest = tonumber(redis.call('LINDEX', KEYS[1], given.limit - 1) or 0)
if oldest + given.windowMs > now then return oldest + given.windowMs - now end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, given.limit - 1)
redis.call('PEXPIRE', KEYS[1], given.windowMs)
return 0
