-- Finds the report that answers an ask, or makes one.
--
-- KEYS: none. Argument: those of includes/desk.lua; client, id (of the new report), joinKey, refresh,
--   processDate, now, expiresAt, mayCreate, queueLimit and queues (the clients' turns of each member that
--   the limit is for: names that a client continues), idempotencyKey (a key's name; may be absent),
--   bodyDigest, idempotencyMs (that it is kept), fields (of the new record: field, value, …).
-- Answer: { `created` or `joined`, id }, { `reused`, '' }, { `closed`, '' } or { `full`, '' }.
--- @include desk
local client, idempotencyKey = given.client, given.idempotencyKey
local function remember(chosen)
  if idempotencyKey then
    redis.call('HSET', idempotencyKey, 'body', given.bodyDigest, 'report', chosen)
    redis.call('PEXPIRE', idempotencyKey, given.idempotencyMs)
  end
end
-- Whether the client has as many reports waiting as it may: what it would need a place for is refused.
local function isFull()
  local waiting = 0
  for _, turns in ipairs(given.queues) do waiting = waiting + redis.call('ZCARD', turns .. client) end
  return waiting >= given.queueLimit
end
local function needsPlace(report)
  local found = redis.call('HMGET', reportKey(report), 'state', 'granted')
  return found[1] == 'queued' and not found[2]
    and redis.call('SISMEMBER', clientsKey(report), client) == 0
end
if idempotencyKey then
  local known = redis.call('HMGET', idempotencyKey, 'body', 'report')
  if known[1] then
    if known[1] ~= given.bodyDigest then return { 'reused', '' } end
    if redis.call('EXISTS', reportKey(known[2])) == 1 then
      join(client, known[2])
      return { 'joined', known[2] }
    end
  end
end
if not given.refresh then
  local other = redis.call('HGET', names.joins, given.joinKey)
  if other then
    local found = redis.call('HMGET', reportKey(other), 'state', 'acceptedOn', 'expiresAt')
    local isFinal = found[1] == 'ready' and found[2] and found[2] > given.processDate
      and tonumber(found[3]) > given.now
    if isLive(found[1]) or isFinal then
      if needsPlace(other) and isFull() then return { 'full', '' } end
      join(client, other)
      remember(other)
      return { 'joined', other }
    end
  end
end
-- Run a second time: by now it may have been granted, or be at MKS.
if redis.call('EXISTS', reportKey(id)) == 1 then return { 'created', id } end
if not given.mayCreate then return { 'closed', '' } end
if isFull() then return { 'full', '' } end
redis.call('HSET', reportKey(id), unpack(given.fields))
redis.call('SADD', clientsKey(id), client)
redis.call('ZADD', names.index, given.now, id)
noteState(id, false, 'queued')
redis.call('ZADD', names.waiting, given.now, id)
redis.call('ZADD', names.expiry, given.expiresAt, entryOf(id))
redis.call('HSET', names.joins, given.joinKey, id)
enqueue(client, id)
remember(id)
return { 'created', id }
