-- Finds the report that answers an ask, or makes one.
--
-- KEYS: none. Argument: those of includes/desk.lua; client, id (of the new report), joinKey, refresh,
--   processDate, now, expiresAt, mayCreate, queues (names: the client's turns at each of
--   its members), queueLimit (of all of them together), idempotencyKey (a key's name; may be absent),
--   idempotencyKeys (name: those of the client), keyLimit, bodyDigest, idempotencyMs (that a key is
--   kept), fields (of the new record: field, value, …).
-- Answer: { `created`, id, what surrounds it where it has to wait for its turn (as desk/around answers), else nothing },
--   { `joined`, id }, { `reused`, '' }, { `closed`, '' }, { `full`, '' } or
--   { `keys-used-up`, wall ms at which the next is forgotten }.
--
-- Joining is never refused for the queue: it costs nobody a turn, and what there is to join is bounded
-- by the limits of those who asked first. Turns are counted as they stand, so every way out of turn
-- gives the place back by itself; that costs one look a member of the client.
--- @include desk
--- @include joinable
--- @include around
local client, idempotencyKey = given.client, given.idempotencyKey
local function remember(chosen)
  if idempotencyKey then
    redis.call('HSET', idempotencyKey, 'body', given.bodyDigest, 'report', chosen)
    redis.call('PEXPIRE', idempotencyKey, given.idempotencyMs)
    redis.call('ZADD', given.idempotencyKeys, given.now + given.idempotencyMs, idempotencyKey)
    redis.call('PEXPIRE', given.idempotencyKeys, given.idempotencyMs)
  end
end
if idempotencyKey then
  local known = redis.call('HMGET', idempotencyKey, 'body', 'report')
  if known[1] then
    if known[1] ~= given.bodyDigest then return { 'reused', '' } end
    if redis.call('EXISTS', reportKey(known[2])) == 1 then
      join(client, known[2])
      return { 'joined', known[2] }
    end
  else
    redis.call('ZREMRANGEBYSCORE', given.idempotencyKeys, '-inf', given.now)
    if redis.call('ZCARD', given.idempotencyKeys) >= given.keyLimit then
      return { 'keys-used-up', redis.call('ZRANGE', given.idempotencyKeys, 0, 0, 'WITHSCORES')[2] }
    end
  end
end
if not given.refresh then
  local other = redis.call('HGET', names.joins, given.joinKey)
  if other then
    local found = redis.call('HMGET', reportKey(other), 'state', 'acceptedOn', 'expiresAt')
    if isLive(found[1]) or isFinal(found, given.processDate, given.now) then
      join(client, other)
      remember(other)
      return { 'joined', other }
    end
  end
end
-- Run a second time: by now it may have been granted, or be at MKS.
if redis.call('EXISTS', reportKey(id)) == 1 then return { 'created', id } end
if not given.mayCreate then return { 'closed', '' } end
local inTurn = 0
for _, turns in ipairs(given.queues) do inTurn = inTurn + redis.call('ZCARD', turns) end
if inTurn >= given.queueLimit then return { 'full', '' } end
redis.call('HSET', reportKey(id), unpack(given.fields))
redis.call('SADD', clientsKey(id), client)
redis.call('ZADD', names.index, given.now, id)
noteState(id, false, 'queued')
redis.call('ZADD', names.waiting, given.now, id)
redis.call('ZADD', names.expiry, given.expiresAt, entryOf(id))
redis.call('HSET', names.joins, given.joinKey, id)
enqueue(client, id)
remember(id)
if slotIsFree() then return { 'created', id } end
return { 'created', id, { around() } }
