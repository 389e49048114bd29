-- A report's place in turn: how many will be granted before it, plus one; 0 when it has the slot.
-- It costs what there are clients in the ring, whatever they have asked for. So one that several
-- clients wait for counts for each of them: the place may be told too high, and never too low.
--
-- KEYS: none. Argument: those of includes/desk.lua; id.
-- Answer: the number, or -1 when it is not queued.
--- @include desk
local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
if found[1] ~= 'queued' then return -1 end
if found[2] then return 0 end
local lengths, places = {}, {}
for place, client in ipairs(redis.call('LRANGE', names.ring, 0, -1)) do
  lengths[client] = redis.call('ZCARD', turnsKey(client))
  places[client] = place
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
