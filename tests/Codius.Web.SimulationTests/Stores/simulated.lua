-- Runs a script of the ledger on the simulation's clock: the last of ARGV is its time in milliseconds. The last of KEYS are hashes with the
-- ends of the keys, one for each account, since those of the store are on its own clock; ARGV before it says how many. The script itself
-- follows, as the function run. Before these in ARGV: an account whose end is so near ends within the script, as on a store whose clock
-- goes on meanwhile: once the script has read it or, of several accounts, before that; and after how many writes the store crashes (empty
-- for never).
local declared, given = KEYS, ARGV
local simulatedNow, endsCount = given[#given], tonumber(given[#given - 1])
local simulatedMs, endsWithin, crashesAfter = tonumber(simulatedNow), tonumber(given[#given - 2]), tonumber(given[#given - 3])
local KEYS, ARGV = {}, {}
for i = 1, #declared - endsCount do KEYS[i] = declared[i] end
for i = 1, #given - 4 do ARGV[i] = given[i] end

local endsByTag, firstEnds = {}, declared[#declared - endsCount + 1]
for i = #declared - endsCount + 1, #declared do endsByTag[string.match(declared[i], '{(.-)}') or ''] = declared[i] end

local function endsOf(key)
  return endsByTag[string.match(key, '{(.-)}') or ''] or firstEnds
end

for _, key in ipairs(KEYS) do
  local ends = redis.call('HGET', endsOf(key), key)
  if ends and tonumber(ends) <= simulatedMs then
    redis.call('DEL', key)
    redis.call('HDEL', endsOf(key), key)
  end
end

local function endOf(key)
  return redis.call('HGET', endsOf(key), key) or ''
end

local ending, ended = {}, {}
if endsWithin > 0 then
  for i = #declared - endsCount + 1, #declared do
    local account = string.sub(declared[i], 1, -1 - #':simulated')
    local at = tonumber(endOf(account))
    if at and at <= simulatedMs + endsWithin then ending[account] = endsCount > 1 and at % 2 == 0 and 'before' or 'within' end
  end
end

local function finish(key)
  redis.call('DEL', key)
  redis.call('HDEL', endsOf(key), key)
end

-- The accounts that have ended, and whether what the script wrote then is what there was before, or has nothing of it.
local function endings()
  local texts = {}
  for i, each in ipairs(ended) do
    local isWritten = each.when == 'within' and redis.call('EXISTS', each.account) == 1
    texts[i] = each.account .. (isWritten and '=written' or '=gone')
  end
  return table.concat(texts, ' ')
end

local hasCrashed, writes = '0', 0
local reads = {
  TIME = true, HMGET = true, HGET = true, HGETALL = true, HEXISTS = true, HLEN = true, MGET = true, GET = true, EXISTS = true, PTTL = true,
  LINDEX = true, LRANGE = true, LLEN = true, ZCARD = true, ZLEXCOUNT = true, ZRANGEBYLEX = true,
  ZREVRANGEBYLEX = true, ZREVRANGE = true, ZRANGE = true, ZRANGEBYSCORE = true, ZSCORE = true,
}

-- From the crash on nothing is written; what the script does then, no one sees.
local function write(command)
  if hasCrashed == '0' and writes < crashesAfter then
    writes = writes + 1
    return
  end
  hasCrashed = '1'
  error('the store crashed before ' .. command)
end

local function endAt(key, ms)
  if redis.call('EXISTS', key) == 0 then return 0 end
  redis.call('HSET', endsOf(key), key, string.format('%.0f', ms))
  return 1
end

local function simulatedCall(command, key, ...)
  if crashesAfter and not reads[command] then write(command) end
  if command == 'TIME' then return { string.sub(simulatedNow, 1, -4), string.sub(simulatedNow, -3) .. '000' } end
  local first, second, third = ...
  if command == 'PEXPIRE' then return endAt(key, simulatedMs + tonumber(first)) end
  if command == 'PEXPIREAT' then return endAt(key, tonumber(first)) end
  if command == 'DEL' then redis.call('HDEL', endsOf(key), key) end
  if command == 'PERSIST' then return redis.call('HDEL', endsOf(key), key) end
  if command == 'PTTL' then
    if redis.call('EXISTS', key) == 0 then return -2 end
    local ends = redis.call('HGET', endsOf(key), key)
    return ends and tonumber(ends) - simulatedMs or -1
  end
  if command == 'SET' and second == 'PX' then
    redis.call('SET', key, first)
    return endAt(key, simulatedMs + tonumber(third))
  end
  local when = command == 'HMGET' and ending[key]
  if not when then return redis.call(command, key, ...) end
  ending[key], ended[#ended + 1] = nil, { account = key, when = when }
  if when == 'before' then finish(key) end
  local answer = redis.call(command, key, ...)
  if when == 'within' then finish(key) end
  return answer
end

-- Only a crash needs pcall.
local function outcome(run)
  if not crashesAfter then return run() end
  local done, answer = pcall(run)
  if done and hasCrashed == '0' then return answer end
  if hasCrashed == '0' then error(answer) end
  return ''
end
