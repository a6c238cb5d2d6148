-- What an account's money was for: sums over its life by kind, and what they were at the end of each hour in which something changed.
-- Sums only grow, so a line of the books is the difference of two snapshots, and to write a snapshot twice changes nothing.
-- The last three of KEYS: the account's hours and its days (lists of snapshots, the oldest first), and its statement.
-- The field totals is written in the HSET of the money, so that no crash separates the two: credited and spent as its sums add up to, the
-- hour of the last change, when the account began, and the sums in the order of their kinds, empty for 0. A snapshot: an hour, the sums.
local kinds = {
  stream = 1, receipt = 2, wallet = 3, adjustedUp = 4, adjustedDown = 5, creditedBefore = 6,
  requests = 7, running = 8, deploys = 9, calls = 10, forfeited = 11, spentBefore = 12, refunded = 13, givenBack = 14,
}
local kindCount, hourMs, dayHours = 14, 3600000, 24
-- 90 days and five years; movedAtOnce bounds the work of one script.
local hoursKept, daysKept, movedAtOnce = 2160, 1826, 2
local booked

-- Counts units that this script moves; save() writes them.
local function count(kind, units)
  if units == '0' then return end
  local index = kinds[kind]
  booked = booked or {}
  booked[index] = booked[index] and add(booked[index], units) or units
end

local function hourOf(snapshot)
  return snapshot and tonumber(string.match(snapshot, '^%d+'))
end

-- Appends a snapshot to a list. Those that are not older are of the same change before a crash, or of a clock that was ahead: it has all
-- that they have.
local function appendSnapshot(list, snapshot, step)
  local at = math.floor(hourOf(snapshot) / step)
  for _ = 1, 2 * movedAtOnce do
    local last = hourOf(redis.call('LINDEX', list, -1))
    if not last or math.floor(last / step) < at then break end
    redis.call('RPOP', list)
  end
  redis.call('RPUSH', list, snapshot)
end

-- An hour is over. Hours that are too old go a day at a time, so that of a day all are there or none: the last of them is the day's. Of
-- days that are too old the last one stays, as what was before the others. More leave than come. A crash in between: the next hour does
-- it again.
local function keepSnapshot(hours, days, snapshot, hour, mostHours, mostDays)
  appendSnapshot(hours, snapshot, 1)
  for _ = 1, movedAtOnce do
    local oldest, length = redis.call('LRANGE', hours, 0, dayHours), 1
    local day = oldest[1] and math.floor(hourOf(oldest[1]) / dayHours)
    if not day or (day + 1) * dayHours > hour - mostHours then break end
    while oldest[length + 1] and math.floor(hourOf(oldest[length + 1]) / dayHours) == day do length = length + 1 end
    appendSnapshot(days, oldest[length], dayHours)
    redis.call('LTRIM', hours, length, -1)
  end
  for _ = 1, movedAtOnce do
    local second = hourOf(redis.call('LINDEX', days, 1))
    if not second or second > hour - mostDays * dayHours then break end
    redis.call('LPOP', days)
  end
end

-- Adds units to one of the sums. They stay text: with each script only one or two of them change.
local function addToSum(sums, index, units)
  local before, sum, after = string.match(sums, '^(%d+,' .. string.rep('%d*,', index - 1) .. ')(%d*)(.*)$')
  return before .. (sum ~= '' and add(sum, units) or units) .. after
end

-- What moved without being counted: before the books began, or by a gateway of a version without them.
local function addUnknown(sums, sum, known, more, less)
  if known == sum then return sums end
  if compare(known, sum) > 0 then return addToSum(sums, more, subtract(known, sum)) end
  return addToSum(sums, less, subtract(sum, known))
end

-- The text of totals after this script, from what is stored and what it is now. A crash after a snapshot: it is written again. Books pay
-- for their room: timesPaid says how many times what keeps an account for good was paid. Also returns whether the hour is another than
-- it was.
local function totalsAfter(text, knownCredited, knownSpent, credited, spent, now, timesPaid)
  if not booked then return text or '', false end
  local hour = math.floor(now / hourMs)
  local hourText = string.format('%d', hour)
  local creditedThen, spentThen, hourThen, sums = string.match(text or '', '^(%d+),(%d+),(%d+),(.*)$')
  if not sums then
    creditedThen, spentThen, hourThen = '0', '0', hourText
    sums = string.format('%.0f', now) .. string.rep(',', kindCount)
  end
  if hourThen ~= hourText and tonumber(hourThen) < hour then
    local times = timesPaid()
    keepSnapshot(KEYS[#KEYS - 2], KEYS[#KEYS - 1], hourThen .. ',' .. string.match(sums, '^%d+,(.*)$'), hour,
      math.min(hoursKept, 48 + 12 * times), math.min(daysKept, 30 + 10 * times))
  end
  sums = addUnknown(sums, creditedThen, knownCredited, kinds.creditedBefore, kinds.adjustedDown)
  sums = addUnknown(sums, spentThen, knownSpent, kinds.spentBefore, kinds.refunded)
  for index, units in pairs(booked) do sums = addToSum(sums, index, units) end
  return credited .. ',' .. spent .. ',' .. hourText .. ',' .. sums, hourThen ~= hourText
end
