-- Credits of several accounts in one script, each as in a script of its own: what stops those of one account stops no others. Only of a
-- store whose accounts are on one node.
-- KEYS: those of each account's credits in turn
-- ARGV: how many accounts; of each in turn: how many keys, arguments and credits; then the arguments of each in turn
-- Returns the answers of all credits in turn. A credit of an account whose part failed has 'failed ' and the error there.
-- A crash between two accounts: no packet of the script was fulfilled, and no receipt answered. Those before the crash have their money
-- and their marks, and a retry finds these; what is not asked again by its deadline is at the host's cost, this script's credits at most.
local allKeys, all = KEYS, ARGV

-- A few go by the stack, which is faster and bounded.
local function part(list, before, count)
  if count <= 100 then return { (table.unpack or unpack)(list, before + 1, before + count) } end
  local taken = {}
  for i = 1, count do taken[i] = list[before + i] end
  return taken
end

local key, at, answers = 0, 1 + 3 * tonumber(all[1]), {}
for account = 1, tonumber(all[1]) do
  local keyCount, argumentCount = tonumber(all[3 * account - 1]), tonumber(all[3 * account])
  KEYS, ARGV = part(allKeys, key, keyCount), part(all, at, argumentCount)
  key, at = key + keyCount, at + argumentCount
  local done, result = pcall(credit)
  local error = not done and 'failed ' .. tostring(type(result) == 'table' and result.err or result)
  for i = 1, tonumber(all[3 * account + 1]) do answers[#answers + 1] = error or result[i] or 'failed without an answer' end
end
return answers
