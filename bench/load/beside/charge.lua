-- Takes a price from an account if it has it: what a proxy must at least do for each paid request.
local balance = tonumber(redis.call('HGET', KEYS[1], 'balance') or '0')
if balance < tonumber(ARGV[1]) then return 0 end
redis.call('HINCRBY', KEYS[1], 'balance', -tonumber(ARGV[1]))
return 1
