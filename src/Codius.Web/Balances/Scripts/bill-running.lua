-- Bills the account's running time up to now.
-- KEYS: account      ARGV: units per hour, waking, units reserved by the waking request, the interval
local perHour, waking, reserved, interval = ARGV[1], ARGV[2] == '1', ARGV[3], tonumber(ARGV[4])
local hour = 3600000
if not exists then return { 'noaccount', '0', '0' } end
sweep('')
local running = redis.call('HMGET', KEYS[1], 'ranUntil', 'ranRest')
local paidUntil, rest = tonumber(running[1] or now), running[2] or '0'

-- Time in which no gateway ran is not billed, nor is the time asleep before a wake.
if now - paidUntil > 3 * interval or (waking and paidUntil < now) then paidUntil, rest = now, '0' end
local target = waking and now + interval or now
local elapsed = math.max(0, target - paidUntil)
local cost, newRest = share(perHour, elapsed, rest, hour)

if waking and compare(cost, balance) > 0 then
  -- A wake pays its whole first interval; the units reserved by its own request cannot pay for it.
  local others = compare(leased, reserved) > 0 and subtract(leased, reserved) or '0'
  if compare(add(balance, others), cost) < 0 then
    if changed then save() end
    return { 'notenough', '0', funds() }
  end
  recallFor('')
  save()
  return { 'recalled', '0', funds() }
end

local debited = min(cost, balance)
balance, spent = subtract(balance, debited), add(spent, debited)
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
save('ranUntil', string.format('%.0f', math.max(paidUntil, target)), 'ranRest', newRest)
return { outcome, debited, funds() }
