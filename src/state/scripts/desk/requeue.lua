-- Puts a report that needs the slot again back in turn, at the head of its askers' lists.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, run, now, remove (fields).
-- Answer: 1, or 0 when the run is no longer the owner.
--- @include desk
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'run', 'createdAt')
if not isLive(found[1]) or found[2] ~= given.run then return 0 end
for _, field in ipairs(given.remove) do redis.call('HDEL', key, field) end
redis.call('HDEL', key, 'granted', 'run')
redis.call('HSET', key, 'state', 'queued', 'phase', '"request"', 'restarted', 'true',
  'attempts', 0, 'pauses', 0)
noteState(id, found[1], 'queued')
release(id)
deactivate(id)
for _, client in ipairs(redis.call('SMEMBERS', clientsKey(id))) do
  leave(client, id)
  local first = redis.call('ZRANGE', turnsKey(client), 0, 0, 'WITHSCORES')
  enter(client, id, (tonumber(first[2]) or redis.call('INCR', names.sequence)) - 1)
end
redis.call('ZADD', names.waiting, found[3], id)
touch(id)
return 1
