-- `isOneOf(kept, list)`: whether the list of fingerprints holds the one that was kept.
local function isOneOf(kept, list)
  for _, one in ipairs(list) do
    if one == kept then return true end
  end
  return false
end
