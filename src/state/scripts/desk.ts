/**
 * The report desk's Lua scripts: each is one atomic change of a member's record set, described in
 * desk-common.ts. ARGV[1] = key prefix and ARGV[2] = member always; the others are named here.
 */
import { deskScript as script } from './desk-common.ts';

/**
 * Finds the report that answers an ask, or makes one.
 * ARGV 3 client, 4 new id, 5 join key, 6 refresh (1|0), 7 processDate, 8 now, 9 expiresAt,
 * 10 may create (1|0), 11 idempotency key name or '', 12 body digest, 13 idempotency TTL in ms,
 * then the new record's field, value, …
 * Answer: {'created'|'joined', id} | {'reused', ''} | {'closed', ''}.
 */
export const admit = script(`
local client, id, joinKey, now = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[8])
local idempotencyKey = ARGV[11]
local function remember(chosen)
  if idempotencyKey ~= '' then
    redis.call('HSET', idempotencyKey, 'body', ARGV[12], 'report', chosen)
    redis.call('PEXPIRE', idempotencyKey, ARGV[13])
  end
end
if idempotencyKey ~= '' then
  local known = redis.call('HMGET', idempotencyKey, 'body', 'report')
  if known[1] then
    if known[1] ~= ARGV[12] then return {'reused', ''} end
    if redis.call('EXISTS', reportKey(known[2])) == 1 then
      join(client, known[2])
      return {'joined', known[2]}
    end
  end
end
if ARGV[6] ~= '1' then
  local other = redis.call('HGET', joinsKey, joinKey)
  if other then
    local found = redis.call('HMGET', reportKey(other), 'state', 'acceptedOn', 'expiresAt')
    local isFinal = found[1] == 'ready' and found[2] and found[2] > ARGV[7]
      and tonumber(found[3]) > now
    if isLive(found[1]) or isFinal then
      join(client, other)
      remember(other)
      return {'joined', other}
    end
  end
end
if ARGV[10] ~= '1' then return {'closed', ''} end
local fields = {}
for i = 14, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', reportKey(id), unpack(fields))
redis.call('SADD', clientsKey(id), client)
redis.call('ZADD', indexKey, now, id)
redis.call('ZADD', expiryKey, ARGV[9], member .. ' ' .. id)
redis.call('HSET', joinsKey, joinKey, id)
enqueue(client, id)
remember(id)
return {'created', id}
`);

/**
 * Gives the member's free slot to the next report in turn. ARGV 3 now.
 * Answer: the report's id, or false when the slot is held, the member paused or nobody waits.
 */
export const grant = script(`
if not slotIsFree() then return false end
while true do
  local client = redis.call('LPOP', ringKey)
  if not client then return false end
  local id = redis.call('LPOP', turnsKey(client))
  if redis.call('LLEN', turnsKey(client)) > 0 then redis.call('RPUSH', ringKey, client) end
  if id then
    local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
    if found[1] == 'queued' and not found[2] then
      leaveAll(id)
      redis.call('HSET', reportKey(id), 'granted', ARGV[3])
      redis.call('HSET', slotKey, 'holder', id, 'since', ARGV[3])
      redis.call('SADD', activeKey, member .. ' ' .. id)
      touch(id, ARGV[3])
      return id
    end
  end
end
`);

/**
 * Takes the slot for a message that a caller sends by himself.
 * ARGV 3 id, 4 now, 5 expiresAt, then the record's field, value, …
 * Answer: 1, or 0 when the slot is held, the member paused or somebody waits in turn.
 */
export const takeSlot = script(`
local id = ARGV[3]
if redis.call('HGET', slotKey, 'holder') == id then return 1 end
if not slotIsFree() or redis.call('LLEN', ringKey) > 0 then return 0 end
local fields = {}
for i = 6, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', reportKey(id), unpack(fields))
redis.call('HSET', slotKey, 'holder', id, 'since', ARGV[4])
redis.call('ZADD', expiryKey, ARGV[5], member .. ' ' .. id)
return 1
`);

/**
 * Makes one run the only one that may change a live report: later writes of older runs fail.
 * ARGV 3 id, 4 run. Answer: the record as field, value, …; empty when it is gone, has ended, or
 * stands in turn again without the slot: then a job that is left from before has no right to it.
 */
export const claim = script(`
local id = ARGV[3]
if not isLive(redis.call('HGET', reportKey(id), 'state')) then
  redis.call('SREM', activeKey, member .. ' ' .. id)
  release(id)
  return {}
end
local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
if found[1] == 'queued' and not found[2] then return {} end
redis.call('HSET', reportKey(id), 'run', ARGV[4])
return redis.call('HGETALL', reportKey(id))
`);

/**
 * Changes a live report if the run still owns it.
 * ARGV 3 id, 4 run, 5 now, 6 release the slot (1|0), 7 seen from outside (1|0), 8 end state or '',
 * 9 due time of the end state, 10 number of set pairs, field, value, …, then fields to delete.
 * Answer: 1, or 0 when the run is no longer the owner or the report has ended.
 */
export const update = script(`
local id = ARGV[3]
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'run')
-- An end that was written but whose answer was lost comes again: it has not been lost.
if ARGV[8] ~= '' and found[1] == ARGV[8] and found[2] == ARGV[4] then return 1 end
if not isLive(found[1]) or found[2] ~= ARGV[4] then return 0 end
local pairsEnd = 10 + 2 * tonumber(ARGV[10])
for i = 11, pairsEnd, 2 do redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
for i = pairsEnd + 1, #ARGV do redis.call('HDEL', key, ARGV[i]) end
if ARGV[6] == '1' then release(id) end
if ARGV[8] ~= '' then
  finish(id, ARGV[8], ARGV[5], ARGV[9])
else
  -- From here on it is MKS's: a replica that dies must leave it to the others.
  if redis.call('HGET', key, 'phase') ~= '"request"' then
    redis.call('SADD', activeKey, member .. ' ' .. id)
  end
  if ARGV[7] == '1' then
    redis.call('ZADD', expiryKey, redis.call('HGET', key, 'expiresAt'), member .. ' ' .. id)
    touch(id, ARGV[5])
  end
end
return 1
`);

/**
 * Puts a report that needs the slot again back in turn. ARGV 3 id, 4 run, 5 now, then fields to
 * delete. Answer: 1, or 0 when the run is no longer the owner.
 */
export const requeue = script(`
local id = ARGV[3]
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'run')
if not isLive(found[1]) or found[2] ~= ARGV[4] then return 0 end
for i = 6, #ARGV do redis.call('HDEL', key, ARGV[i]) end
redis.call('HDEL', key, 'granted', 'run')
redis.call('HSET', key, 'state', 'queued', 'phase', '"request"', 'restarted', 'true',
  'attempts', 0, 'pauses', 0)
release(id)
redis.call('SREM', activeKey, member .. ' ' .. id)
for _, client in ipairs(redis.call('SMEMBERS', clientsKey(id))) do
  leave(client, id)
  if redis.call('LLEN', turnsKey(client)) == 0 then redis.call('RPUSH', ringKey, client) end
  redis.call('LPUSH', turnsKey(client), id)
end
touch(id, ARGV[5])
return 1
`);

/**
 * Takes back a client's interest. ARGV 3 id, 4 client, 5 now, 6 due time if it is cancelled.
 * Answer: 'withdrawn', or 'sent' when MKS may have the report or it has ended.
 */
export const withdraw = script(`
local id, client = ARGV[3], ARGV[4]
local found = redis.call('HMGET', reportKey(id), 'state', 'sending')
if found[1] == 'cancelled' then return 'withdrawn' end
if found[1] ~= 'queued' or found[2] then return 'sent' end
if redis.call('SREM', clientsKey(id), client) == 0 then return 'withdrawn' end
leave(client, id)
if redis.call('SCARD', clientsKey(id)) == 0 then finish(id, 'cancelled', ARGV[5], ARGV[6]) end
return 'withdrawn'
`);

/**
 * Does what is due for a report: a live or ready one expires, an ended one is forgotten.
 * ARGV 3 id, 4 now, 5 due time of the forgetting. Answer: 'later', 'expired' or 'forgotten'.
 */
export const expire = script(`
local id = ARGV[3]
local key = reportKey(id)
local found = redis.call('HMGET', key, 'state', 'expiresAt')
if found[1] and tonumber(found[2]) > tonumber(ARGV[4]) then
  redis.call('ZADD', expiryKey, found[2], member .. ' ' .. id)
  return 'later'
end
if isLive(found[1]) or found[1] == 'ready' then
  finish(id, 'expired', ARGV[4], ARGV[5])
  return 'expired'
end
redis.call('ZREM', expiryKey, member .. ' ' .. id)
redis.call('ZREM', indexKey, id)
redis.call('SREM', activeKey, member .. ' ' .. id)
redis.call('DEL', key, clientsKey(id))
return 'forgotten'
`);

/**
 * A report's place in turn: how many will be granted before it, plus one; 0 when it has the slot.
 * ARGV 3 id. Answer: the number, or -1 when it is not queued.
 */
export const position = script(`
local id = ARGV[3]
local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
if found[1] ~= 'queued' then return -1 end
if found[2] then return 0 end
local ring = redis.call('LRANGE', ringKey, 0, -1)
local lengths, places = {}, {}
for place, client in ipairs(ring) do
  lengths[client] = redis.call('LLEN', turnsKey(client))
  places[client] = place
end
local best = -1
for _, client in ipairs(redis.call('SMEMBERS', clientsKey(id))) do
  local round = places[client] and redis.call('LPOS', turnsKey(client), id)
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
`);
