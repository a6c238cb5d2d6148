-- Books what is left of an account that has no owner any more as spent.
-- KEYS: account, history      ARGV: id, reason
local id = ARGV[1]
if not exists then return { 'noaccount', '0', '0' } end
if inHistory(id) then return { 'repeated', funds(), '0' } end
sweep('')
local amount = balance
balance, spent = '0', add(spent, amount)
-- A new owner's first wake is not paid by the old owner's last one.
save('wake', '')
writeHistory(id, 'forfeit', amount, ARGV[2])
return { 'done', funds(), amount }
