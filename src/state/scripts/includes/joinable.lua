-- A ready report that answers asks of the same: final, for MKS accepted it when its day was over, and not
-- about to go. `found`: its state, acceptedOn, expiresAt.
local function isFinal(found, processDate, now)
  return found[1] == 'ready' and found[2] and found[2] > processDate and tonumber(found[3]) > now
end
