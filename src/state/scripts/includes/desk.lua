-- What the desk's scripts have in common: their argument and their small steps.
--
-- KEYS: none. Argument: names (of the keys; see `desk` in keys.ts), member, and what each names
-- itself; `id` is a report's. The keys of a report follow from ids inside the records, so Redis
-- Cluster is not supported (Sentinel is).
--
-- A script may run twice (a command can be sent again after a broken connection): each is either
-- idempotent or guarded by the report's `run` token or state. None may cost more the longer the
-- queue is: what operators ask for is kept, not counted.
local given = cjson.decode(ARGV[1])
local names, member, id = given.names, given.member, given.id

local function reportKey(report) return names.report .. report end
local function clientsKey(report) return names.clients .. report end
local function turnsKey(client) return names.turns .. client end
local function entryOf(report) return member .. ' ' .. report end
local function touch(report)
  redis.call('HINCRBY', reportKey(report), 'version', 1)
  redis.call('HSET', reportKey(report), 'updatedAt', given.now)
  redis.call('PUBLISH', names.wake, entryOf(report))
end
local function isLive(state) return state == 'queued' or state == 'preparing' end
-- A caller's own message is in no list, so it has no time in the index.
local function noteState(report, before, state)
  local createdAt = redis.call('ZSCORE', names.index, report)
  if not createdAt or before == state then return end
  if before then redis.call('ZREM', names.states .. before, report) end
  redis.call('ZADD', names.states .. state, createdAt, report)
end
local function activate(report)
  redis.call('SADD', names.active, entryOf(report))
  redis.call('SADD', names.holding, report)
end
local function deactivate(report)
  redis.call('SREM', names.active, entryOf(report))
  redis.call('SREM', names.holding, report)
end
local function enter(client, report, place)
  if redis.call('EXISTS', turnsKey(client)) == 0 then redis.call('RPUSH', names.ring, client) end
  redis.call('ZADD', turnsKey(client), place, report)
end
local function enqueue(client, report)
  enter(client, report, redis.call('INCR', names.sequence))
end
local function join(client, report)
  local found = redis.call('HMGET', reportKey(report), 'state', 'granted')
  local isNew = isLive(found[1]) and redis.call('SADD', clientsKey(report), client) == 1
  if isNew and found[1] == 'queued' and not found[2] then enqueue(client, report) end
end
local function leave(client, report)
  if redis.call('ZREM', turnsKey(client), report) > 0
    and redis.call('EXISTS', turnsKey(client)) == 0 then
    redis.call('LREM', names.ring, 0, client)
  end
end
local function leaveAll(report)
  for _, client in ipairs(redis.call('SMEMBERS', clientsKey(report))) do leave(client, report) end
  redis.call('ZREM', names.waiting, report)
end
local function release(report)
  if redis.call('HGET', names.slot, 'holder') == report then redis.call('DEL', names.slot) end
end
local function finish(report, before, state, dueAt)
  local key = reportKey(report)
  leaveAll(report)
  release(report)
  deactivate(report)
  redis.call('HSET', key, 'state', state, 'expiresAt', dueAt)
  redis.call('HDEL', key, 'sending')
  redis.call('ZADD', names.expiry, dueAt, entryOf(report))
  noteState(report, before, state)
  if state ~= 'ready' then
    redis.call('HDEL', key, 'secret')
    local joinKey = redis.call('HGET', key, 'joinKey')
    if joinKey and redis.call('HGET', names.joins, joinKey) == report then
      redis.call('HDEL', names.joins, joinKey)
    end
  end
  touch(report)
end
local function slotIsFree()
  if redis.call('EXISTS', names.paused) == 1 then return false end
  local holder = redis.call('HGET', names.slot, 'holder')
  if not holder then return true end
  -- A holder that has ended lost its release: the slot must not stay shut for it.
  if isLive(redis.call('HGET', reportKey(holder), 'state')) then return false end
  redis.call('DEL', names.slot)
  return true
end

-- Once a member: what 0.1.0 has left, with its turns as lists and nothing else to count by.
if redis.call('EXISTS', names.layout) == 0 then
  redis.call('SET', names.layout, '2')
  for _, client in ipairs(redis.call('LRANGE', names.ring, 0, -1)) do
    for _, report in ipairs(redis.call('LRANGE', names.turnLists .. client, 0, -1)) do
      redis.call('ZADD', turnsKey(client), redis.call('INCR', names.sequence), report)
      local createdAt = redis.call('HGET', reportKey(report), 'createdAt')
      if createdAt then redis.call('ZADD', names.waiting, createdAt, report) end
    end
    redis.call('DEL', names.turnLists .. client)
  end
  for _, report in ipairs(redis.call('ZRANGE', names.index, 0, -1)) do
    local state = redis.call('HGET', reportKey(report), 'state')
    if state then noteState(report, false, state) end
  end
  for _, entry in ipairs(redis.call('SMEMBERS', names.active)) do
    if string.sub(entry, 1, #member + 1) == member .. ' ' then
      redis.call('SADD', names.holding, string.sub(entry, #member + 2))
    end
  end
end
