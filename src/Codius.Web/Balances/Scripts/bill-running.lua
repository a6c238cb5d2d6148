-- Bills the account's running time up to now.
-- KEYS: account
-- ARGV: units per hour, waking, units reserved by the waking request, the interval, whether what the last wake paid is earned
local perHour, waking, reserved, interval = ARGV[1], ARGV[2] == '1', ARGV[3], tonumber(ARGV[4])
if not exists then return { 'noaccount', '0', '0', '0' } end
sweep('')
local wake = ARGV[5] ~= '1' and readWake() or nil
local paidUntil, rest = tonumber(running[1] or now), running[2] or '0'

-- A wake whose end no gateway has reported: the gateway crashed, or another visit woke the app a moment ago. What it paid counts for
-- this one. An app that failed by itself a moment ago, as only another gateway has seen yet, gets this one try at the host's cost.
local unearned = '0'
if waking and wake then unearned, paidUntil, rest = wake.units, wake.from, wake.rest end

-- Time in which no gateway ran is not billed, nor is the time asleep before a wake.
if now - paidUntil > 3 * interval or (waking and paidUntil < now) then paidUntil, rest = now, '0' end
local target = waking and now + interval or now
local elapsed = math.max(0, target - paidUntil)
local cost, newRest = share(perHour, elapsed, rest, hour)
local available = add(balance, unearned)

if waking and compare(cost, available) > 0 then
  -- A wake pays its whole first interval; the units reserved by its own request cannot pay for it.
  local others = compare(leased, reserved) > 0 and subtract(leased, reserved) or '0'
  if compare(add(available, others), cost) < 0 then
    if changed then save() end
    return { 'notenough', '0', funds(), '0' }
  end
  recallFor('')
  save()
  return { 'recalled', '0', funds(), '0' }
end

local debited = min(cost, available)
balance, spent = subtract(available, debited), add(subtract(spent, unearned), debited)
local outcome = 'done'
if compare(debited, cost) < 0 then
  if leased == '0' then
    outcome, newRest = 'notenough', '0'
  else
    -- Still owed while gateways lease the money: recalled now, debited with the next bill.
    recallFor('')
    newRest = share(subtract(cost, debited), hour, newRest, 1)
  end
end
-- The time that an app takes to start is given back with the wake's first interval.
local pending = waking and wakeText(debited, paidUntil, rest)
  or wake and wakeText(add(wake.units, debited), wake.from, wake.rest) or ''
save('ranUntil', string.format('%.0f', math.max(paidUntil, target)), 'ranRest', newRest, 'wake', pending)
return { outcome, debited, funds(), unearned }
