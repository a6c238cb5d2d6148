-- Credits the increase of a receipt's running total.
-- KEYS: account, the record of the nonce in this account
-- ARGV: stream id, total, issued at, expires at, until when the record is kept
local streamId, total, issuedAt, expiresAt, keptUntil = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

-- Gateways' clocks may be 60 s off; a nonce from further in the future would outlive its lifetime.
if now > expiresAt or issuedAt > now + 60000 then return { 'expired', '0', funds(), '0', '0' } end
local known = redis.call('HGET', KEYS[2], streamId) or '0'
if compare(total, known) <= 0 then return { 'already', '0', funds(), '0', known } end

local increase = subtract(total, known)
sweep('')
if compare(increase, room()) > 0 then return { 'noroom', '0', funds(), room(), known } end
credited, balance = add(credited, increase), add(balance, increase)
save()

-- A crash before this line: the increase can be posted once more, at the host's cost.
redis.call('HSET', KEYS[2], streamId, total)
redis.call('PEXPIREAT', KEYS[2], keptUntil)
return { 'credited', increase, funds(), '0', total }
