-- Books what is left of an account that has no owner any more as spent, all of it or, while gateways hold units, nothing yet: what they
-- returned later would be the next owner's.
-- KEYS: account, history      ARGV: id, reason
local id = ARGV[1]
if not exists then return { 'noaccount', '0', '0' } end
sweep('')
if leased ~= '0' then
  recallFor('')
  save()
  return { 'recalled', funds(), '0' }
end
local amount, repeated = balance, inHistory(id)
balance, spent = '0', add(spent, amount)
count('forfeited', amount)
-- A new owner's first wake is not paid by the old owner's last one.
save('wake', '')
if repeated and amount == '0' then return { 'repeated', '0', '0' } end
-- A repeat takes what was credited since, which the history has beside what was taken first.
while inHistory(id) do id = id .. ' again' end
writeHistory(id, 'forfeit', amount, ARGV[2])
return { 'done', funds(), amount }
