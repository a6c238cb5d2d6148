-- A step of a lease of each of several accounts in one script, each as in a script of its own: what stops one stops no others. Only of a
-- store whose accounts are on one node.
-- KEYS: the account of each and its books, in turn
-- ARGV: how many steps; then the arguments of each in turn, as many for each
-- Returns the answer of each in turn, its fields separated by commas; of a step that failed 'failed ' and the error.
-- A crash between two steps: those before it are whole, and nobody has an answer. Each is repeated with its sequence, which finds it.
local allKeys, all = KEYS, ARGV
local steps = tonumber(all[1])
local keyCount, argumentCount = #allKeys / steps, (#all - 1) / steps

local answers = {}
for step = 1, steps do
  local key, at = (step - 1) * keyCount, 1 + (step - 1) * argumentCount
  KEYS = { (table.unpack or unpack)(allKeys, key + 1, key + keyCount) }
  ARGV = { (table.unpack or unpack)(all, at + 1, at + argumentCount) }
  local done, result = pcall(lease)
  answers[step] = done and table.concat(result, ',') or 'failed ' .. tostring(type(result) == 'table' and result.err or result)
end
return answers
