/**
 * What the desk's Lua scripts have in common: the names of their keys and their small steps.
 *
 * A member's record set: `ring` (list of clients whose turn comes), `turns:<client>` (list of
 * report ids in the client's order), `slot` (hash: holder, since), `joins` (hash: join key →
 * report id), `index` (zset: report ids by creation), `paused`. Global: `active` (set of
 * `member id` that have been granted the slot and have not ended), `expiry` (zset: `member id`
 * by the time at which something is due), `wake` (channel: `member id`).
 *
 * Every script takes KEYS = none and ARGV[1] = key prefix, ARGV[2] = member: the keys follow from
 * ids inside the records, so Redis Cluster is not supported (Sentinel is).
 * A script may run twice (a command can be sent again after a broken connection): each is either
 * idempotent or guarded by the report's `run` token or state.
 */
import { deskKeysLua } from '../keys.ts';
import type { Script } from '../script.ts';

const prelude = `
${deskKeysLua}
local function touch(id, now)
  redis.call('HINCRBY', reportKey(id), 'version', 1)
  redis.call('HSET', reportKey(id), 'updatedAt', now)
  redis.call('PUBLISH', wakeChannel, member .. ' ' .. id)
end
local function isLive(state) return state == 'queued' or state == 'preparing' end
local function enqueue(client, id)
  if redis.call('LLEN', turnsKey(client)) == 0 then redis.call('RPUSH', ringKey, client) end
  redis.call('RPUSH', turnsKey(client), id)
end
local function join(client, id)
  local found = redis.call('HMGET', reportKey(id), 'state', 'granted')
  local isNew = isLive(found[1]) and redis.call('SADD', clientsKey(id), client) == 1
  if isNew and found[1] == 'queued' and not found[2] then enqueue(client, id) end
end
local function leave(client, id)
  if redis.call('LREM', turnsKey(client), 0, id) > 0 and redis.call('LLEN', turnsKey(client)) == 0 then
    redis.call('LREM', ringKey, 0, client)
  end
end
local function leaveAll(id)
  for _, client in ipairs(redis.call('SMEMBERS', clientsKey(id))) do leave(client, id) end
end
local function release(id)
  if redis.call('HGET', slotKey, 'holder') == id then redis.call('DEL', slotKey) end
end
local function finish(id, state, now, dueAt)
  local key = reportKey(id)
  leaveAll(id)
  release(id)
  redis.call('SREM', activeKey, member .. ' ' .. id)
  redis.call('HSET', key, 'state', state, 'expiresAt', dueAt)
  redis.call('HDEL', key, 'sending')
  redis.call('ZADD', expiryKey, dueAt, member .. ' ' .. id)
  if state ~= 'ready' then
    redis.call('HDEL', key, 'secret')
    local joinKey = redis.call('HGET', key, 'joinKey')
    if joinKey and redis.call('HGET', joinsKey, joinKey) == id then
      redis.call('HDEL', joinsKey, joinKey)
    end
  end
  touch(id, now)
end
local function slotIsFree()
  if redis.call('EXISTS', pausedKey) == 1 then return false end
  local holder = redis.call('HGET', slotKey, 'holder')
  if not holder then return true end
  -- A holder that has ended lost its release: the slot must not stay shut for it.
  if isLive(redis.call('HGET', reportKey(holder), 'state')) then return false end
  redis.call('DEL', slotKey)
  return true
end
`;

/** A desk script: the common part, then its own. */
export function deskScript(body: string): Script {
  return { lua: prelude + body, numberOfKeys: 0 };
}
