-- Counts a receipt's total into what the host keeps. Above the most, those that end soonest go: they carry least, or are idle longest.
-- KEYS: ends (totals by when they are gone)
-- ARGV: the total's key, when it ends, how many the host keeps, how long one is kept at most
local ends = KEYS[1]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', ends, '-inf', string.format('%.0f', now))
redis.call('ZADD', ends, ARGV[2], ARGV[1])

-- Two at most, so that a lowered limit is reached in steps. The caller deletes them, which are in slots of their own. A crash before
-- that: they stay until their end, uncounted.
local answer = { 'kept' }
for _ = 1, math.min(2, redis.call('ZCARD', ends) - tonumber(ARGV[3])) do
  local soonest = redis.call('ZRANGE', ends, 0, 0)[1]
  redis.call('ZREM', ends, soonest)
  answer[#answer + 1] = soonest
end
redis.call('PEXPIRE', ends, ARGV[4])
return answer
