-- Finds the ready reports that answer asks, and changes nothing.
--
-- KEYS: none. Argument: report (name, continued by an id), now, asks: for each joins (name: those of its
--   member), joinKey, processDate.
-- Answer: for each ask the report's record (field, value, …); empty where there is none, or none that is
--   ready and final.
local given = cjson.decode(ARGV[1])
--- @include joinable
local answers = {}
for index, ask in ipairs(given.asks) do
  local record = {}
  local id = redis.call('HGET', ask.joins, ask.joinKey)
  if id then
    local key = given.report .. id
    local found = redis.call('HMGET', key, 'state', 'acceptedOn', 'expiresAt')
    if isFinal(found, ask.processDate, given.now) then record = redis.call('HGETALL', key) end
  end
  answers[index] = record
end
return answers
