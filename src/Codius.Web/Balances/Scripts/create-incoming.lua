-- Stores a new incoming payment. It moves no money; the packets that pay it do (credit-packet.lua).
-- KEYS: the payment, the account's index of payments by expiry, the index of those that this client created
-- ARGV: id, incoming amount (empty for none), expires at, document, how many may be open, until when it is kept,
--   how many may be this client's
local clock = redis.call('TIME')
local now = string.format('%.0f', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('EXISTS', KEYS[1]) == 1 then return 'created' end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[7]) then return 'toomanyofclient' end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then return 'toomany' end
-- A crash between these: a payment that can be paid and read, but is not in the indexes; it expires as usual.
redis.call('HSET', KEYS[1], 'incomingAmount', ARGV[2], 'received', '0', 'completed', '0', 'expiresAt', ARGV[3], 'document', ARGV[4])
redis.call('PEXPIREAT', KEYS[1], ARGV[6])
for index = 2, 3 do
  redis.call('ZADD', KEYS[index], ARGV[3], ARGV[1])
  -- The index outlives every payment in it.
  redis.call('PEXPIRE', KEYS[index], '2764800000')
end
return 'created'
