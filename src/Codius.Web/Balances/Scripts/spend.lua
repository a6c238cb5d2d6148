-- Spends an amount, whole or not at all.
-- KEYS: account, history      ARGV: amount, id (may be empty), reason
local amount, id = ARGV[1], ARGV[2]
if not exists then return { 'noaccount', '0' } end
if inHistory(id) then return { 'repeated', funds() } end
sweep('')
if compare(amount, balance) > 0 then
  local outcome = 'notenough'
  if compare(amount, funds()) <= 0 then
    recallFor('')
    outcome = 'recalled'
  end
  if changed then save() end
  return { outcome, funds() }
end
balance, spent = subtract(balance, amount), add(spent, amount)
count('calls', amount)
save()
writeHistory(id, 'spend', amount, ARGV[3])
return { 'done', funds() }
