-- Changes credited and balance together, never below zero.
-- KEYS: account, history      ARGV: amount, id, reason, + or -, who made it
local amount, id = ARGV[1], ARGV[2]
if inHistory(id) then return { 'repeated', funds() } end
sweep('')
if ARGV[4] == '+' then
  if compare(amount, room()) > 0 then return { 'outofrange', funds() } end
  credited, balance = add(credited, amount), add(balance, amount)
  count('adjustedUp', amount)
else
  if not exists then return { 'noaccount', '0' } end
  if compare(amount, balance) > 0 then return { 'notenough', funds() } end
  credited, balance = subtract(credited, amount), subtract(balance, amount)
  count('adjustedDown', amount)
end
save()
writeHistory(id, 'adjust' .. ARGV[4], amount, ARGV[3], ARGV[5])
return { 'done', funds() }
