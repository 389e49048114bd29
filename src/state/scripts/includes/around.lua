-- What surrounds a queued report: its place in turn, whether its member is paused (1|0), and how long the
-- member's last reports took (in ms, the newest first). Comes after includes/desk.lua.
--
-- The place is how many will be granted before it, plus one; 0 when it has the slot, -1 when it is not queued. It
-- costs what there are clients in the ring, whatever they have asked for. So one that several clients wait
-- for counts for each of them: the place may be told too high, and never too low.
local function place()
  local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
  if found[1] ~= 'queued' then return -1 end
  if found[2] then return 0 end
  local lengths, places = {}, {}
  for at, client in ipairs(redis.call('LRANGE', names.ring, 0, -1)) do
    lengths[client] = redis.call('ZCARD', turnsKey(client))
    places[client] = at
  end
  local best = -1
  for _, client in ipairs(redis.call('SMEMBERS', clientsKey(id))) do
    local round = places[client] and redis.call('ZRANK', turnsKey(client), id)
    if round then
      local ahead = round
      for other, length in pairs(lengths) do
        if other ~= client then
          local rounds = round
          if places[other] < places[client] then rounds = rounds + 1 end
          ahead = ahead + math.min(length, rounds)
        end
      end
      if best == -1 or ahead + 1 < best then best = ahead + 1 end
    end
  end
  return best
end
local function around()
  return place(), redis.call('EXISTS', names.paused), redis.call('LRANGE', names.durations, 0, -1)
end
