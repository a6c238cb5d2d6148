-- Notes payments of the host as the newest: a new one, or one that grew. No money: only where a payment's entry is found.
-- KEYS: their order by when they last grew (in microseconds, each another one), the same members by their references (all scores 0);
--   a member is reference, account and way, separated by tabs
-- ARGV: how many the host keeps, then the members
local order, references, most = KEYS[1], KEYS[2], tonumber(ARGV[1])
local clock = redis.call('TIME')
local at = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
-- After the last one, also of a clock that was ahead: a page begins where the one before ended.
local last = redis.call('ZREVRANGE', order, 0, 0)[1]
if last then at = math.max(at, tonumber(redis.call('ZSCORE', order, last)) + 1) end
for i = 2, #ARGV do
  -- The order first: what a crash leaves without a reference leaves with the oldest.
  redis.call('ZADD', order, string.format('%.0f', at + i), ARGV[i])
  redis.call('ZADD', references, '0', ARGV[i])
end
-- More leave than come, so that a lowered limit is reached in steps.
local over = math.min(redis.call('ZCARD', order) - most, 2 * #ARGV)
if over > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', order, 0, over - 1)) do
    redis.call('ZREM', references, oldest)
    redis.call('ZREM', order, oldest)
  end
end
return 'noted'
