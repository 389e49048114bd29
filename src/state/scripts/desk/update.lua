-- Changes a live report if the run still owns it; a slot that it gives back goes on in the same breath.
--
-- KEYS: none. Argument: those of includes/desk.lua; id, run, now, releaseSlot, grantsNext (the next may
--   start now), silent (not seen from outside), endState (may be absent), dueAt (of the end state),
--   set (field, value, …), remove (fields), durationMs and preparationMs (that the report and its
--   making took; may be absent), kept (how many of a member's are).
-- Answer: { 1, the id of the report that was given the slot, else '' }; { 0, '' } when the run is no longer the
--   owner or the report has ended.
--- @include desk
--- @include grant
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'run')
-- An end that was written but whose answer was lost comes again: it has not been lost.
if given.endState and found[1] == given.endState and found[2] == given.run then return { 1, '' } end
if not isLive(found[1]) or found[2] ~= given.run then return { 0, '' } end
for i = 1, #given.set, 2 do redis.call('HSET', key, given.set[i], given.set[i + 1]) end
for _, field in ipairs(given.remove) do redis.call('HDEL', key, field) end
if given.releaseSlot then release(id) end
local state = redis.call('HGET', key, 'state')
noteState(id, found[1], state)
if given.endState then
  finish(id, state, given.endState, given.dueAt)
  for list, took in pairs({ durations = given.durationMs, preparations = given.preparationMs }) do
    redis.call('LPUSH', names[list], took)
    redis.call('LTRIM', names[list], 0, given.kept - 1)
  end
else
  -- From here on it is MKS's: a replica that dies must leave it to the others.
  if redis.call('HGET', key, 'phase') ~= '"request"' then activate(id) end
  if not given.silent then
    redis.call('ZADD', names.expiry, redis.call('HGET', key, 'expiresAt'), entryOf(id))
    touch(id)
  end
end
local isFree = given.releaseSlot or given.endState
return { 1, isFree and given.grantsNext and grant() or '' }
