-- Ends a wake: what it paid is earned, or given back if the host or the image kept the app from starting.
-- KEYS: account
-- ARGV: why it is given back (empty: it is earned), units per hour, whether containers of the app ran meanwhile
local reason, perHour, ran = ARGV[1], ARGV[2], ARGV[3] == '1'
if not exists then return { 'noaccount', '0', '0', '0', '0' } end
local wake = readWake()
if not wake then return { 'repeated', '0', funds(), '0', '0' } end
if reason == '' then
  -- A crash before this: the next bill of the awake app earns it; a wake that comes first is paid by it, at the host's cost.
  save('wake', '')
  return { 'done', '0', funds(), '0', '0' }
end
sweep('')
-- The clock goes on from now: a bill by a gateway that has not seen the end yet charges that moment and not the start.
local target = math.max(wake.from, now)
local cost, rest = share(perHour, ran and target - wake.from or 0, wake.rest, hour)
local back = subtract(wake.units, min(cost, wake.units))
balance, spent = add(balance, back), subtract(spent, back)
count('givenBack', back)
-- A crash before this: the wake stays as it is, and the next report or the next wake gives it back. The refund's id is the time of its
-- wake. Only the last one is kept, since visits without end may wake an app for which the host has no room.
save('ranUntil', string.format('%.0f', target), 'ranRest', rest, 'wake', '',
  'wakeRefund', string.format('%.0f %s %.0f %s', wake.from, back, now, reason))
return { 'done', '0', funds(), back, '0' }
