-- Takes the notices that are due: nobody else is given them before the lease is over.
--
-- KEYS: 1 ids of notices by when they are due, a sorted set; 2 the notices by their ids, a hash.
-- Argument: now, leaseMs, limit.
-- Answer: for each { id, notice (a JSON text) }.
local given = cjson.decode(ARGV[1])
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', given.now, 'LIMIT', 0, given.limit)
local answer = {}
for _, id in ipairs(ids) do
  local text = redis.call('HGET', KEYS[2], id)
  if text then
    redis.call('ZADD', KEYS[1], given.now + given.leaseMs, id)
    answer[#answer + 1] = { id, text }
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return answer
