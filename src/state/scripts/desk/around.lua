-- What surrounds a queued report: see includes/around.lua.
--
-- KEYS: none. Argument: those of includes/desk.lua; id.
-- Answer: { place, paused (1|0), durations (in ms, the newest first) }.
--- @include desk
--- @include around
return { around() }
