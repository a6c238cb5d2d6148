-- The field wake: what a wake paid in advance while it is not known whether the app starts, as units,from,rest. From and rest are
-- ranUntil and ranRest of before the wake. It is written in the HSET that debits and emptied in the HSET that gives back, so that no
-- crash separates the two, and whatever number of gateways reports the same end, the first report counts.
local running = redis.call('HMGET', KEYS[1], 'ranUntil', 'ranRest', 'wake')
local hour = 3600000

-- A refund by hand may have moved the units already.
local function readWake()
  local units, from, rest = string.match(running[3] or '', '^(%d+),(%d+),(%d+)$')
  return units and { units = min(units, spent), from = tonumber(from), rest = rest }
end

local function wakeText(units, from, rest)
  return units == '0' and '' or string.format('%s,%.0f,%s', units, from, rest)
end
