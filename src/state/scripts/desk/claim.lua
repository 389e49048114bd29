-- Makes one run the only one that may change a live report: later writes of older runs fail.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, run.
-- Answer: { the record as field, value, …, how long MKS took to make the member's last reports (in ms, the
--   newest first) }; the record is empty when it is gone, has ended, or stands in turn again
--   without the slot: then a job that is left from before has no right to it.
--- @include desk
local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
if not isLive(found[1]) then
  deactivate(id)
  release(id)
  return { {}, {} }
end
if found[1] == 'queued' and not found[2] then return { {}, {} } end
redis.call('HSET', reportKey(id), 'run', given.run)
return { redis.call('HGETALL', reportKey(id)), redis.call('LRANGE', names.preparations, 0, -1) }
