/** A piece of Lua for scripts that compare fingerprints: one was kept, several may match it. */

/** `isOneOf(kept, list)`: whether the list, words between spaces, holds what was kept. */
export const isOneOfLua = `
local function isOneOf(kept, list)
  for one in string.gmatch(list, '%S+') do
    if one == kept then return true end
  end
  return false
end`;
