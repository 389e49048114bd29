-- `now`: milliseconds of Redis's own clock. Whole numbers are stored with string.format('%.0f'):
-- tostring would write 1.7e+12.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
