-- Writes that a gateway is alive and counts those that are, by the store's clock; returns the count and the time. It moves no money; a
-- crash in between leaves a gateway that is counted until its heartbeat is too old.
-- KEYS: the gateways by the time of their last heartbeat      ARGV: this gateway, ms after which a silent one is gone
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - tonumber(ARGV[2])))
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { redis.call('ZCARD', KEYS[1]), string.format('%.0f', now) }
