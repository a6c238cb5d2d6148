-- Bills the account's running time up to now.
-- KEYS: account
-- ARGV: units per hour, waking, units reserved by the waking request, the interval, whether what the last wake paid is earned,
--   whether only a bill that is overdue is made, whether the app is asleep now, units that count against the owner's cap
local perHour, waking, reserved, interval = ARGV[1], ARGV[2] == '1', ARGV[3], tonumber(ARGV[4])
local overdue, asleep = ARGV[6] == '1', ARGV[7] == '1'
if not exists then return { 'noaccount', '0', '0', '0', '0' } end
sweep('')
local wake = ARGV[5] ~= '1' and readWake() or nil
local paidUntil, rest = tonumber(running[1] or now), running[2] or '0'

-- Any gateway may bill; of several, the others have nothing to write while one does.
if overdue and running[1] and now - paidUntil < interval then
  if changed then save() end
  return { 'done', '0', funds(), '0', '0' }
end

-- A wake whose end no gateway has reported: the gateway crashed, or another visit woke the app a moment ago. What it paid counts for
-- this one. An app that failed by itself a moment ago, as only another gateway has seen yet, gets this one try at the host's cost.
local unearned = '0'
if waking and wake then unearned, paidUntil, rest = wake.units, wake.from, wake.rest end

-- Time in which no gateway ran is not billed, nor is the time asleep before a wake. What was owed before is written off.
local writtenOff = '0'
if now - paidUntil > 3 * interval or (waking and paidUntil < now) then
  writtenOff = share(rest, 1, '0', hour)
  paidUntil, rest = now, '0'
end
local target = waking and now + interval or now
local elapsed = math.max(0, target - paidUntil)
local cost, newRest = share(perHour, elapsed, rest, hour)
local available = add(balance, unearned)

if waking and compare(cost, available) > 0 then
  -- A wake pays its whole first interval; the units reserved by its own request cannot pay for it.
  local others = recallable()
  others = compare(others, reserved) > 0 and subtract(others, reserved) or '0'
  if compare(add(available, others), cost) < 0 then
    if changed then save() end
    return { 'notenough', '0', funds(), '0', '0' }
  end
  recallFor('')
  save()
  return { 'recalled', '0', funds(), '0', '0' }
end

local debited = min(cost, available)
balance, spent = subtract(available, debited), add(subtract(spent, unearned), debited)
count('running', debited)
count('givenBack', unearned)
local outcome, owed = 'done', subtract(cost, debited)
if owed ~= '0' then
  -- Leases that are recalled come back at once, or never: a debt of more than an interval and that moment has waited long enough.
  local most = add(share(perHour, interval + recallMs, '0', hour), '1')
  if asleep or recallable() == '0' or compare(owed, most) > 0 then
    -- The host bears what is owed: the next payment is not for the past.
    outcome, newRest, writtenOff = 'notenough', '0', add(writtenOff, owed)
  else
    recallFor('')
    newRest = share(owed, hour, newRest, 1)
  end
end
-- The time that an app takes to start is given back with the wake's first interval.
local pending = waking and wakeText(debited, paidUntil, rest)
  or wake and wakeText(add(wake.units, debited), wake.from, wake.rest) or ''
local fields = { 'ranUntil', string.format('%.0f', math.max(paidUntil, target)), 'ranRest', newRest, 'wake', pending }
if writtenOff ~= '0' then
  fields[7], fields[8] = 'writtenOff', add(redis.call('HGET', KEYS[1], 'writtenOff') or '0', writtenOff)
end
if ARGV[8] ~= '0' then
  local spends = readSpends()
  countSpent(spends, ARGV[8])
  fields[#fields + 1], fields[#fields + 2] = 'spends', spendsText(spends)
end
save((table.unpack or unpack)(fields))
return { outcome, debited, funds(), unearned, writtenOff }
