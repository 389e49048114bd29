-- Stands before each script: Redis's clock and expiry are the world's, and what a script does to reports is told.
--
-- ARGV[2]: now, in milliseconds. Answer: { { the script's }, messages that it published, facts }; a fact is a text, see
-- history.ts. Sets are given in order, since theirs is another one in each process of Redis.
local real, now = redis, tonumber(ARGV[2])
local published, facts = {}, {}
for _, key in ipairs(real.call('ZRANGEBYSCORE', 'simulated-expiry', '-inf', now)) do
  real.call('DEL', key)
  real.call('ZREM', 'simulated-expiry', key)
end
local function expires(key, ms) real.call('ZADD', 'simulated-expiry', now + ms, key) end
local function tell(...) facts[#facts + 1] = table.concat({ ... }, ' ') end
local function noteReport(id, key, values)
  local before = real.call('HGET', key, 'state')
  if not before then tell('made', id, cjson.encode(values)) end
  for i = 1, #values, 2 do
    if values[i] == 'state' then tell('state', id, before or 'none', values[i + 1]) end
    if values[i] == 'granted' then tell('granted', id) end
    if values[i] == 'sending' then tell('sending', id, values[i + 1]) end
  end
end
local does = {}
function does.TIME() return { string.format('%.0f', math.floor(now / 1000)), string.format('%.0f', now % 1000 * 1000) } end
function does.PEXPIRE(key, ms) expires(key, ms) return 1 end
function does.PTTL(key)
  local at = real.call('ZSCORE', 'simulated-expiry', key)
  return at and at - now or -1
end
function does.PUBLISH(_, message) published[#published + 1] = message return 0 end
function does.SMEMBERS(key)
  local members = real.call('SMEMBERS', key)
  table.sort(members)
  return members
end
function does.SET(key, value, ...)
  local flags, milliseconds = { ... }, nil
  for i, flag in ipairs(flags) do
    if flag == 'PX' then milliseconds = flags[i + 1] table.remove(flags, i) table.remove(flags, i) break end
  end
  local done = real.call('SET', key, value, unpack(flags))
  if done and milliseconds then expires(key, milliseconds) end
  return done
end
function does.HSET(key, ...)
  local values = { ... }
  local id = string.match(key, '^mks:report:(.*)$')
  if id then noteReport(id, key, values) end
  for i = 1, #values, 2 do
    if values[i] == 'state' and values[i + 1] == 'sending' and string.match(key, '^mks:reference:') then
      tell('begun', real.call('HGET', key, 'reference') or values[2])
    end
    if values[i] == 'messageId' then tell('used', real.call('HGET', key, 'reference')) end
  end
  return real.call('HSET', key, ...)
end
function does.SADD(key, member)
  local id = string.match(key, '^mks:report%-clients:(.*)$')
  local added = real.call('SADD', key, member)
  if id and added == 1 then tell('asked', id, member) end
  return added
end
function does.SREM(key, member)
  local id = string.match(key, '^mks:report%-clients:(.*)$')
  if id then tell('withdrawn', id, member) end
  return real.call('SREM', key, member)
end
local redis = { call = function(command, ...)
  if does[command] then return does[command](...) end
  return real.call(command, ...)
end }
