-- Counts the incoming payments that an account keeps into the host's total. Above the most that the host keeps, the accounts with least
-- credited for each payment lose theirs: to displace a payment costs more than was paid on it, however an attacker spreads his own.
-- KEYS: counts (hash by account, and :total), credited (accounts by units for each payment), ends (accounts by when their payments are
--   gone), young (accounts of the last hour by when they were first counted)
-- ARGV: account, its count, credited to it, how long they are kept, how many the host keeps
local counts, credited, ends, young = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local youth, looked = 3600000, 16
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function count(account)
  return tonumber(redis.call('HGET', counts, account) or '0')
end

-- The total first: a crash after it leaves an account that is counted too low, until it gets its next payment or its end.
local function set(account, number)
  local total = redis.call('HINCRBY', counts, ':total', string.format('%.0f', number - count(account)))
  if number > 0 then redis.call('HSET', counts, account, string.format('%.0f', number)) else redis.call('HDEL', counts, account) end
  return tonumber(total)
end

local function drop(account)
  redis.call('ZREM', credited, account)
  redis.call('ZREM', ends, account)
  redis.call('ZREM', young, account)
  return set(account, 0)
end

-- Never the one that is counted now, and one of the last hour only if the least are all so young: a payment that has just begun has
-- had no time to be worth what it will be.
local function least()
  local lowest, youngest = redis.call('ZRANGE', credited, 0, looked - 1), nil
  for _, account in ipairs(lowest) do
    if account ~= ARGV[1] then
      if not redis.call('ZSCORE', young, account) then return account end
      youngest = youngest or account
    end
  end
  return youngest or lowest[1]
end

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', string.format('%.0f', now), 'LIMIT', '0', '4')) do drop(gone) end
redis.call('ZREMRANGEBYSCORE', young, '-inf', string.format('%.0f', now - youth))
if count(ARGV[1]) == 0 then redis.call('ZADD', young, string.format('%.0f', now), ARGV[1]) end
redis.call('ZADD', credited, string.format('%.3f', tonumber(ARGV[3]) / math.max(1, tonumber(ARGV[2]))), ARGV[1])
redis.call('ZADD', ends, string.format('%.0f', now + tonumber(ARGV[4])), ARGV[1])
local total = set(ARGV[1], tonumber(ARGV[2]))

-- Two at most, so that a lowered limit is reached in steps. The caller deletes their payments, which are in slots of their own. A crash
-- before that: they stay until their end, uncounted.
local answer = { 'kept' }
for _ = 1, 2 do
  local displaced = total > tonumber(ARGV[5]) and least()
  if displaced then
    total = drop(displaced)
    answer[#answer + 1] = displaced
  end
end
for key = 1, 4 do redis.call('PEXPIRE', KEYS[key], ARGV[4]) end
return answer
