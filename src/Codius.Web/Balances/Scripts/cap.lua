-- The owner's cap on what requests cost an hour, for all gateways together. The field spends has what was spent, as minute,units separated
-- by semicolons; a minute counts until it is a whole hour old, so no hour ever exceeds the cap, and there are at most 61. It is written in
-- the HSET that moves the money, and only while requests name a cap: a new one counts from then on.
local minutesCounted = 61

local function thisMinute()
  return math.floor(now / 60000)
end

local function readSpends()
  local spends, minute = {}, thisMinute()
  for at, units in string.gmatch(redis.call('HGET', KEYS[1], 'spends') or '', '(%d+),(%d+)') do
    -- A minute to come, of a clock that was ahead for a while, is this one: it must not count until then.
    at = math.min(tonumber(at), minute)
    local last = spends[#spends]
    if last and last.minute == at then
      last.units = add(last.units, units)
    elseif minute - at < minutesCounted then
      spends[#spends + 1] = { minute = at, units = units }
    end
  end
  return spends
end

local function countSpent(spends, units)
  local last, minute = spends[#spends], thisMinute()
  if last and last.minute == minute then
    last.units = add(last.units, units)
  elseif units ~= '0' then
    spends[#spends + 1] = { minute = minute, units = units }
  end
end

local function spendsText(spends)
  local texts = {}
  for i, spend in ipairs(spends) do texts[i] = string.format('%.0f,%s', spend.minute, spend.units) end
  return table.concat(texts, ';')
end

local function spentInHour(spends)
  local total = '0'
  for _, spend in ipairs(spends) do total = add(total, spend.units) end
  return total
end

-- What is left of the cap beside what counts against it.
local function capLeft(cap, counted)
  return compare(cap, counted) > 0 and subtract(cap, counted) or '0'
end

-- What may still be leased: what is leased may be spent any moment, so it counts from now on.
local function capRoom(spends, cap)
  return capLeft(cap, add(leased, spentInHour(spends)))
end

-- What may be leased once gateways have returned what they can: units of requests that apps have are about to be spent.
local function capRoomAfterRecall(spends, cap)
  return capLeft(cap, add(subtract(leased, recallable()), spentInHour(spends)))
end

-- The seconds until so many units may be spent.
local function secondsUntilRoom(spends, cap, units)
  local total = add(add(subtract(leased, recallable()), units), spentInHour(spends))
  for _, spend in ipairs(spends) do
    total = subtract(total, spend.units)
    if compare(total, cap) <= 0 then return math.max(1, math.ceil((spend.minute + minutesCounted) * 60 - now / 1000)) end
  end
  return minutesCounted * 60
end
