-- Takes the slot for a message that a caller sends by himself.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, now, expiresAt, fields (of the record: field,
--   value, …).
-- Answer: 1, or 0 when the slot is held, the member paused or somebody waits in turn.
--- @include desk
if redis.call('HGET', names.slot, 'holder') == id then return 1 end
if not slotIsFree() or redis.call('LLEN', names.ring) > 0 then return 0 end
redis.call('HSET', reportKey(id), unpack(given.fields))
redis.call('HSET', names.slot, 'holder', id, 'since', given.now)
redis.call('ZADD', names.expiry, given.expiresAt, entryOf(id))
return 1
