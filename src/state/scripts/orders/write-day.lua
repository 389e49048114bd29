-- Writes a day of a standing order, unless somebody has written it since it was read, and forgets
-- the oldest of more days than are kept.
--
-- KEYS: 1 the days of the order, a hash by their dates.
-- Argument: processDate, version (of the day as it was read, 0 for a new one), text (the day, a JSON
--   text), keptMs (since the last write), keptDays (how many of them).
-- Answer: 1 if it was written, 0 if not.
local given = cjson.decode(ARGV[1])
local found = redis.call('HGET', KEYS[1], given.processDate)
local version = found and cjson.decode(found).version or 0
if version ~= given.version then return 0 end
redis.call('HSET', KEYS[1], given.processDate, given.text)
redis.call('PEXPIRE', KEYS[1], given.keptMs)
if version == 0 and redis.call('HLEN', KEYS[1]) > given.keptDays then
  local dates = redis.call('HKEYS', KEYS[1])
  table.sort(dates)
  redis.call('HDEL', KEYS[1], dates[1])
end
return 1
