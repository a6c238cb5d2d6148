-- Completes an incoming payment, so that it accepts no more money. A repeat changes nothing; a deleted one is not recreated.
-- KEYS: the payment
if redis.call('EXISTS', KEYS[1]) == 0 then return 'missing' end
redis.call('HSET', KEYS[1], 'completed', '1')
return 'completed'
