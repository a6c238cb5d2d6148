-- Credits of several accounts in one script, each as in a script of its own: what stops those of one account stops no others. Only of a
-- store whose accounts are on one node.
-- KEYS: those of each account's credits in turn
-- ARGV: how many accounts; of each in turn: how many keys, arguments and credits; then the arguments of each in turn
-- Returns the answers of all credits in turn. A credit of an account whose part failed has 'failed ' and the error there.
-- A crash between two accounts: the first has its money and its marks, the second nothing, and a retry credits it.
local key, at, answers = 0, 1 + 3 * tonumber(ARGV[1]), {}
for account = 1, tonumber(ARGV[1]) do
  local keyCount, argumentCount = tonumber(ARGV[3 * account - 1]), tonumber(ARGV[3 * account])
  local keys, arguments = {}, {}
  for i = 1, keyCount do keys[i] = KEYS[key + i] end
  for i = 1, argumentCount do arguments[i] = ARGV[at + i] end
  key, at = key + keyCount, at + argumentCount
  local done, result = pcall(credit, keys, arguments)
  local error = not done and 'failed ' .. tostring(type(result) == 'table' and result.err or result)
  for i = 1, tonumber(ARGV[3 * account + 1]) do answers[#answers + 1] = error or result[i] end
end
return answers
