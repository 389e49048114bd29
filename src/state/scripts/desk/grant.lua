-- Gives the member's free slot to the next report in turn.
--
-- KEYS: none. Argument: those of includes/desk.lua; now.
-- Answer: the report's id, or nil when the slot is held, the member paused or nobody waits.
--- @include desk
--- @include grant
return grant()
