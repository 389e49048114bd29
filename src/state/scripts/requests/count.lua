-- Counts requests, each name's in a window that begins with its first.
--
-- KEYS: none. Argument: counts: for each a name (of a string), `by` (how many requests), windowMs.
-- Answer: for each { how many there are now, ms until the window is over }.
local given = cjson.decode(ARGV[1])
local answers = {}
for index, count in ipairs(given.counts) do
  local current = redis.call('INCRBY', count.name, count.by)
  local remaining = redis.call('PTTL', count.name)
  if remaining < 0 then
    redis.call('PEXPIRE', count.name, count.windowMs)
    remaining = count.windowMs
  end
  answers[index] = { current, remaining }
end
return answers
