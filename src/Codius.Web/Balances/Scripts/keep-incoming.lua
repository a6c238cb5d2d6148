-- Counts the incoming payments that an account keeps into the host's total. Above the most that the host keeps, the accounts to which
-- least was credited lose theirs: to displace an account's costs more than was paid to it.
-- KEYS: counts (hash by account, and :total), credited (accounts by units), ends (accounts by when their payments are gone)
-- ARGV: account, its count, credited to it, how long they are kept, how many the host keeps
local counts, credited, ends = KEYS[1], KEYS[2], KEYS[3]
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
  return set(account, 0)
end

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', string.format('%.0f', now), 'LIMIT', '0', '4')) do drop(gone) end
redis.call('ZADD', credited, ARGV[3], ARGV[1])
redis.call('ZADD', ends, string.format('%.0f', now + tonumber(ARGV[4])), ARGV[1])
local total = set(ARGV[1], tonumber(ARGV[2]))

-- Two at most, so that a lowered limit is reached in steps. The caller deletes their payments, which are in slots of their own. A crash
-- before that: they stay until their end, uncounted.
local answer = { 'kept' }
for _ = 1, 2 do
  local least = total > tonumber(ARGV[5]) and redis.call('ZRANGE', credited, 0, 0)[1]
  if least then
    total = drop(least)
    answer[#answer + 1] = least
  end
end
for key = 1, 3 do redis.call('PEXPIRE', KEYS[key], ARGV[4]) end
return answer
