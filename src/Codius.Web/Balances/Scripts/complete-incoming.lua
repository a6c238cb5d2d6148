-- Completes an incoming payment that was paid, so that it accepts no more money. A repeat changes nothing; one that is not stored is not
-- made.
-- KEYS: records, ends    ARGV: id
local payment = readIncoming(KEYS[1], ARGV[1])
if not payment then return { 'missing' } end
payment.completed = '1'
writeIncoming(KEYS[1], ARGV[1], payment)
-- Its end is now, so that a full account forgets it before open ones. A crash before this: it is forgotten later.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('ZADD', KEYS[2], string.format('%.0f', math.min(now, tonumber(payment.expires))), payment.member)
return { 'completed' }
