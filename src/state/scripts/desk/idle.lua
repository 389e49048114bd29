-- Finds the members whose slot could be given: somebody is in turn, and nobody who lives holds it. One
-- look at all of them, since most have nothing to give.
--
-- KEYS: none. Argument: report (what a report's key starts with, as in includes/desk.lua), members (each
--   member, and the names of its ring and slot).
-- Answer: those members.
local given = cjson.decode(ARGV[1])
local idle = {}
for _, each in ipairs(given.members) do
  if redis.call('EXISTS', each.ring) == 1 then
    local holder = redis.call('HGET', each.slot, 'holder')
    local state = holder and redis.call('HGET', given.report .. holder, 'state')
    if state ~= 'queued' and state ~= 'preparing' then idle[#idle + 1] = each.member end
  end
end
return idle
