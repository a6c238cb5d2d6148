-- Moves spent money back to the balance.
-- KEYS: account, history      ARGV: amount, id, reason, who made it
local amount, id = ARGV[1], ARGV[2]
if not exists then return { 'noaccount', '0' } end
if inHistory(id) then return { 'repeated', funds() } end
sweep('')
if compare(amount, spent) > 0 then return { 'outofrange', funds() } end
spent, balance = subtract(spent, amount), add(balance, amount)
count('refunded', amount)
save()
writeHistory(id, 'refund', amount, ARGV[3], ARGV[4])
return { 'done', funds() }
