-- What an account's money was for: sums over its life by kind, and what they were at the end of each hour in which something changed.
-- Sums only grow, so a line of the books is the difference of two snapshots, and to write a snapshot twice changes nothing.
-- The last three of KEYS: the account's hours and its days (lists of snapshots, the oldest first), and its statement.
-- The field totals is written in the HSET of the money, so that no crash separates the two: the sums in the order of their kinds (empty for
-- 0), credited and spent as they add up to, when the account began, and the hour of the last change. A snapshot: that hour, the sums.
local kinds = {
  stream = 1, receipt = 2, wallet = 3, adjustedUp = 4, adjustedDown = 5, creditedBefore = 6,
  requests = 7, running = 8, deploys = 9, calls = 10, forfeited = 11, spentBefore = 12, refunded = 13, givenBack = 14,
}
local kindCount, hourMs, dayHours = 14, 3600000, 24
-- 90 days and one, so that all hours of 90 days are there; and five years.
local hoursKept, daysKept, movedAtOnce = 2184, 1826, 4
local totalsPattern = '^' .. string.rep('(%d*),', kindCount + 3) .. '(%d+)$'
local booked = nil

-- Counts units that this script moves; save() writes them.
local function count(kind, units)
  if units == '0' then return end
  local index = kinds[kind]
  booked = booked or {}
  booked[index] = booked[index] and add(booked[index], units) or units
end

local function addTo(sums, index, units)
  sums[index] = sums[index] ~= '' and add(sums[index], units) or units
end

local function hourOf(snapshot)
  return snapshot and tonumber(string.match(snapshot, '^%d+'))
end

-- Appends a snapshot to a list. Those that are not older are of the same change before a crash, or of a clock that was ahead: it has all
-- that they have.
local function appendSnapshot(list, snapshot, step)
  local at = math.floor(hourOf(snapshot) / step)
  for _ = 1, movedAtOnce do
    local last = hourOf(redis.call('LINDEX', list, -1))
    if not last or math.floor(last / step) < at then break end
    redis.call('RPOP', list)
  end
  redis.call('RPUSH', list, snapshot)
end

-- An hour is over. Of each day whose hours are too old the last one becomes the day's; of days that are too old the last one stays, as
-- what was before the others. More leave than come. A crash in between: the next hour does it again.
local function keepSnapshot(hours, days, snapshot, hour)
  appendSnapshot(hours, snapshot, 1)
  for _ = 1, movedAtOnce do
    local oldest = redis.call('LRANGE', hours, 0, 1)
    local at, after = hourOf(oldest[1]), hourOf(oldest[2])
    if not at or at > hour - hoursKept then break end
    if not after or math.floor(after / dayHours) > math.floor(at / dayHours) then appendSnapshot(days, oldest[1], dayHours) end
    redis.call('LPOP', hours)
  end
  for _ = 1, movedAtOnce do
    local second = hourOf(redis.call('LINDEX', days, 1))
    if not second or second > hour - daysKept * dayHours then break end
    redis.call('LPOP', days)
  end
end

-- What moved without being counted: before the books began, or by a gateway of a version without them.
local function countUnknown(totals, index, known, more, less)
  local sum = totals[index]
  if known == sum then return end
  if compare(known, sum) > 0 then
    addTo(totals, more, subtract(known, sum))
  else
    addTo(totals, less, subtract(sum, known))
  end
end

-- The text of totals after this script, from what is stored and what it is now. A crash after a snapshot: it is written again.
local function totalsAfter(text, knownCredited, knownSpent, credited, spent, now)
  if not booked then return text or '' end
  local hour = math.floor(now / hourMs)
  local totals = { string.match(text or '', totalsPattern) }
  if #totals == 0 then
    for i = 1, kindCount do totals[i] = '' end
    totals[kindCount + 1], totals[kindCount + 2] = '0', '0'
    totals[kindCount + 3], totals[kindCount + 4] = string.format('%.0f', now), string.format('%.0f', hour)
  end
  if tonumber(totals[kindCount + 4]) < hour then
    local snapshot = totals[kindCount + 4] .. ',' .. table.concat(totals, ',', 1, kindCount)
    keepSnapshot(KEYS[#KEYS - 2], KEYS[#KEYS - 1], snapshot, hour)
  end
  countUnknown(totals, kindCount + 1, knownCredited, kinds.creditedBefore, kinds.adjustedDown)
  countUnknown(totals, kindCount + 2, knownSpent, kinds.spentBefore, kinds.refunded)
  for index, units in pairs(booked) do addTo(totals, index, units) end
  totals[kindCount + 1], totals[kindCount + 2], totals[kindCount + 4] = credited, spent, string.format('%.0f', hour)
  return table.concat(totals, ',')
end
