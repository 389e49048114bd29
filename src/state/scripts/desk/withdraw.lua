-- Takes back a client's interest.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, client, now, dueAt (if it is cancelled).
-- Answer: `withdrawn`, or `sent` when MKS may have the report or it has ended.
--- @include desk
local found = redis.call('HMGET', reportKey(id), 'state', 'sending', 'mayBeAtMks')
if found[1] == 'cancelled' then return 'withdrawn' end
if found[1] ~= 'queued' or found[2] or found[3] then return 'sent' end
if redis.call('SREM', clientsKey(id), given.client) == 0 then return 'withdrawn' end
leave(given.client, id)
if redis.call('SCARD', clientsKey(id)) == 0 then finish(id, found[1], 'cancelled', given.dueAt) end
return 'withdrawn'
