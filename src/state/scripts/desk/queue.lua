-- One look at a member's queue, for operators: what is kept of it, whatever its length.
--
-- KEYS: none. Argument: those of includes/desk.lua.
-- Answer: { reports in turn, creation time of the oldest or '', slot holder or '', since or '',
--   paused (1|0), reports that have had their turn and have not ended }.
--- @include desk
local oldest = redis.call('ZRANGE', names.waiting, 0, 0, 'WITHSCORES')
local slot = redis.call('HMGET', names.slot, 'holder', 'since')
return {
  redis.call('ZCARD', names.waiting), oldest[2] or '', slot[1] or '', slot[2] or '',
  redis.call('EXISTS', names.paused), redis.call('SCARD', names.holding),
}
