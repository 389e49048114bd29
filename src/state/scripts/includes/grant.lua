-- Gives the member's free slot to the next report in turn, at `now`: its id, or nothing when the slot is held,
-- the member paused or nobody waits. Comes after includes/desk.lua.
local function grant()
  if not slotIsFree() then return false end
  while true do
    local client = redis.call('LPOP', names.ring)
    if not client then return false end
    local next = redis.call('ZPOPMIN', turnsKey(client))[1]
    if redis.call('EXISTS', turnsKey(client)) == 1 then redis.call('RPUSH', names.ring, client) end
    if next then
      local found = redis.call('HMGET', reportKey(next), 'state', 'granted')
      if found[1] == 'queued' and not found[2] then
        leaveAll(next)
        redis.call('HSET', reportKey(next), 'granted', given.now)
        redis.call('HSET', names.slot, 'holder', next, 'since', given.now)
        activate(next)
        touch(next)
        return next
      end
    end
  end
end
