-- Credits one STREAM packet.
-- KEYS: account, the packet's mark, then the receipt's record (if ARGV[4] is 1), then the incoming payment (if ARGV[5] is 1)
-- ARGV: amount, deadline, until when the mark is kept, has receipt, has incoming payment, how long the receipt's record is kept
local amount, deadline, markUntil = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local receipt = ARGV[4] == '1' and KEYS[3] or nil
local incoming = ARGV[5] == '1' and KEYS[ARGV[4] == '1' and 4 or 3] or nil

local before = redis.call('GET', KEYS[2])
if before then return { 'already', '0', funds(), '0', before } end
if now > deadline then return { 'expired', '0', funds(), '0', '0' } end

local received = '0'
local incomingAmount = nil
if incoming then
  local payment = redis.call('HMGET', incoming, 'incomingAmount', 'received', 'completed', 'expiresAt')
  if not payment[2] or payment[3] == '1' or (payment[4] and tonumber(payment[4]) <= now) then
    return { 'closed', '0', funds(), '0', '0' }
  end
  received = payment[2]
  if payment[1] and payment[1] ~= '' then
    incomingAmount = payment[1]
    local open = compare(incomingAmount, received) > 0 and subtract(incomingAmount, received) or '0'
    if compare(amount, open) > 0 then return { 'noroom', '0', funds(), min(open, room()), '0' } end
  end
end

local total = '0'
if receipt then
  local known = redis.call('HGET', receipt, '1') or '0'
  if compare(amount, subtract(maxTotal, known)) > 0 then return { 'noroom', '0', funds(), subtract(maxTotal, known), '0' } end
  total = add(known, amount)
end

sweep('')
if compare(amount, room()) > 0 then return { 'noroom', '0', funds(), room(), '0' } end
credited, balance = add(credited, amount), add(balance, amount)
save()

-- A crash before the mark: the packet was not fulfilled, so nobody paid for it, and a retry credits it again: at the
-- host's cost, this packet at most.
redis.call('SET', KEYS[2], total, 'PX', string.format('%.0f', math.max(1, markUntil - now)))
-- A crash before these: the payer's total or the incoming payment lags by this packet, and the account has the money.
if receipt then
  redis.call('HSET', receipt, '1', total)
  redis.call('PEXPIRE', receipt, ARGV[6])
end
if incoming then
  received = add(received, amount)
  local complete = incomingAmount and compare(received, incomingAmount) >= 0
  redis.call('HSET', incoming, 'received', received, 'completed', complete and '1' or '0')
end
return { 'credited', amount, funds(), '0', total }
