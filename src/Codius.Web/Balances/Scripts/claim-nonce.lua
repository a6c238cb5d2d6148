-- Binds a nonce that was issued without an account to the first account it is posted to. In a slot of its own: it runs before the
-- credit and moves no money, and the same account may claim again, so a crash between the two costs nothing.
-- KEYS: the claim      ARGV: account, expires at, until when the claim is kept
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
if now > tonumber(ARGV[2]) then return 'expired' end
local owner = redis.call('GET', KEYS[1])
if not owner then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', string.format('%.0f', math.max(1, tonumber(ARGV[3]) - now)))
  return 'claimed'
end
return owner == ARGV[1] and 'claimed' or 'other'
