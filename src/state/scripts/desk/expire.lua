-- Does what is due for a report: a live or ready one expires, an ended one is forgotten.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, now, forgetAt (due time of the forgetting).
-- Answer: `later`, `expired` or `forgotten`.
--- @include desk
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'expiresAt')
if found[1] and tonumber(found[2]) > given.now then
  redis.call('ZADD', names.expiry, found[2], entryOf(id))
  return 'later'
end
if isLive(found[1]) or found[1] == 'ready' then
  finish(id, found[1], 'expired', given.forgetAt)
  return 'expired'
end
redis.call('ZREM', names.expiry, entryOf(id))
redis.call('ZREM', names.index, id)
redis.call('ZREM', names.waiting, id)
if found[1] then redis.call('ZREM', names.states .. found[1], id) end
deactivate(id)
redis.call('DEL', key, clientsKey(id))
return 'forgotten'
