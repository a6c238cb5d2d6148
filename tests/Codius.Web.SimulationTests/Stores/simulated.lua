-- Runs a script of the ledger on the simulation's clock: the last of ARGV is its time in milliseconds, the last of KEYS a hash with the
-- ends of the keys, since those of the store are on its own clock. The script itself follows, as the function run. The last ARGV but one:
-- an account whose end is so near ends once the script has read it, as on a store whose clock goes on within a script.
local declared, given = KEYS, ARGV
local simulatedNow, endsKey = given[#given], declared[#declared]
local KEYS, ARGV = {}, {}
for i = 1, #declared - 1 do KEYS[i] = declared[i] end
for i = 1, #given - 2 do ARGV[i] = given[i] end
local simulatedMs, endsWithin = tonumber(simulatedNow), tonumber(given[#given - 1])

for _, key in ipairs(KEYS) do
  local ends = redis.call('HGET', endsKey, key)
  if ends and tonumber(ends) <= simulatedMs then
    redis.call('DEL', key)
    redis.call('HDEL', endsKey, key)
  end
end

local function endOf(key)
  return redis.call('HGET', endsKey, key) or ''
end

local isEnding, hasEnded = endsWithin > 0 and (tonumber(endOf(KEYS[1])) or math.huge) <= simulatedMs + endsWithin, '0'

local function endAt(key, ms)
  if redis.call('EXISTS', key) == 0 then return 0 end
  redis.call('HSET', endsKey, key, string.format('%.0f', ms))
  return 1
end

local function simulatedCall(command, key, ...)
  if command == 'TIME' then return { string.sub(simulatedNow, 1, -4), string.sub(simulatedNow, -3) .. '000' } end
  local first, second, third = ...
  if command == 'PEXPIRE' then return endAt(key, simulatedMs + tonumber(first)) end
  if command == 'PEXPIREAT' then return endAt(key, tonumber(first)) end
  if command == 'DEL' then redis.call('HDEL', endsKey, key) end
  if command == 'PERSIST' then return redis.call('HDEL', endsKey, key) end
  if command == 'PTTL' then
    if redis.call('EXISTS', key) == 0 then return -2 end
    local ends = redis.call('HGET', endsKey, key)
    return ends and tonumber(ends) - simulatedMs or -1
  end
  if command == 'SET' and second == 'PX' then
    redis.call('SET', key, first)
    return endAt(key, simulatedMs + tonumber(third))
  end
  local answer = redis.call(command, key, ...)
  if isEnding and command == 'HMGET' and key == KEYS[1] then
    isEnding, hasEnded = false, '1'
    redis.call('DEL', key)
    redis.call('HDEL', endsKey, key)
  end
  return answer
end
