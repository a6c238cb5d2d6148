-- Takes no more money on an incoming payment. A repeat changes nothing; one that is gone does not come back.
-- KEYS: the payment
if redis.call('EXISTS', KEYS[1]) == 0 then return 'missing' end
redis.call('HSET', KEYS[1], 'completed', '1')
return 'completed'
