-- Writes entries into a member's journal and lets the oldest go until it is within its bounds. An
-- entry whose id is there already with another reference is the same thing asked again: it takes
-- the place of the old one, keeps its first time and counts. With the same reference it has been
-- written before, by a call whose answer was lost, and stays as it is.
--
-- An entry rests as `reference count first-time text`; the text is the caller's.
--
-- KEYS: 1 the index, 2 the entries, 3 the references, 4 the bytes.
-- Argument: now (wall ms), keptMs (that entries are kept), maxEntries, maxBytes, entryBytes (that
--   Redis itself takes for an entry), maxRemoved (entries that one call lets go), idsOfReference
--   (how many sendings of one reference can be found by it: the newest), entries (each id, time in
--   wall ms, reference, text).
-- Answer: how many entries were let go.
local given = cjson.decode(ARGV[1])
local index, entries, references = KEYS[1], KEYS[2], KEYS[3]
local bytes = tonumber(redis.call('GET', KEYS[4]) or '0')

local function idsWithout(reference, id)
  local ids = {}
  for other in string.gmatch(redis.call('HGET', references, reference) or '', '%S+') do
    if other ~= id then ids[#ids + 1] = other end
  end
  return ids
end
local function forget(reference, id)
  local ids = idsWithout(reference, id)
  if #ids == 0 then
    redis.call('HDEL', references, reference)
  else
    redis.call('HSET', references, reference, table.concat(ids, ' '))
  end
end
local function note(reference, id)
  local ids = idsWithout(reference, id)
  if #ids == given.idsOfReference then table.remove(ids, 1) end
  ids[#ids + 1] = id
  redis.call('HSET', references, reference, table.concat(ids, ' '))
end

for _, each in ipairs(given.entries) do
  local id, reference = each.id, each.reference
  local old = redis.call('HGET', entries, id)
  local count, first, before = 0, string.format('%.0f', each.time), nil
  if old then before, count, first = string.match(old, '^(%S+) (%d+) (%d+) ') end
  if before ~= reference then
    local entry = string.format('%s %d %s ', reference, count + 1, first) .. each.text
    if old then
      forget(before, id)
      bytes = bytes - #old
    else
      redis.call('ZADD', index, first, id)
      bytes = bytes + given.entryBytes
    end
    redis.call('HSET', entries, id, entry)
    note(reference, id)
    bytes = bytes + #entry
  end
end

local gone = 0
while gone < given.maxRemoved do
  local oldest = redis.call('ZRANGE', index, 0, 0, 'WITHSCORES')
  local isDue = oldest[1] and (redis.call('ZCARD', index) > given.maxEntries
    or bytes > given.maxBytes or tonumber(oldest[2]) < given.now - given.keptMs)
  if not isDue then break end
  local id = oldest[1]
  local entry = redis.call('HGET', entries, id)
  if entry then
    forget(string.match(entry, '^%S+'), id)
    redis.call('HDEL', entries, id)
    bytes = bytes - #entry
  end
  redis.call('ZREM', index, id)
  bytes = bytes - given.entryBytes
  gone = gone + 1
end

if redis.call('EXISTS', index) == 0 then
  redis.call('DEL', KEYS[4])
elseif #given.entries > 0 then
  redis.call('SET', KEYS[4], string.format('%d', bytes))
  for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], given.keptMs) end
elseif gone > 0 then
  redis.call('SET', KEYS[4], string.format('%d', bytes), 'KEEPTTL')
end
return gone
