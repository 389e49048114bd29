/** One look at a member's queue, for operators. */
import { deskScript } from './desk-common.ts';

/**
 * Who waits and who has the slot. No arguments.
 * Answer: {reports in turn, creation time of the oldest or '', slot holder or '', since or '',
 * paused (1|0), reports that have had their turn and have not ended}.
 */
export const queueState = deskScript(`
local seen, count, oldest = {}, 0, ''
for _, client in ipairs(redis.call('LRANGE', ringKey, 0, -1)) do
  for _, id in ipairs(redis.call('LRANGE', turnsKey(client), 0, -1)) do
    if not seen[id] then
      seen[id] = true
      count = count + 1
      local createdAt = redis.call('HGET', reportKey(id), 'createdAt')
      if createdAt and (oldest == '' or tonumber(createdAt) < tonumber(oldest)) then
        oldest = createdAt
      end
    end
  end
end
local slot = redis.call('HMGET', slotKey, 'holder', 'since')
local active = 0
for _, entry in ipairs(redis.call('SMEMBERS', activeKey)) do
  if string.sub(entry, 1, #member + 1) == member .. ' ' then active = active + 1 end
end
return {count, oldest, slot[1] or '', slot[2] or '', redis.call('EXISTS', pausedKey), active}
`);
