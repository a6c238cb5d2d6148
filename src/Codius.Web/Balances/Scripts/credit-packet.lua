-- Credits one STREAM packet.
-- KEYS: account, the packet's mark, then the receipt's record (if ARGV[4] is 1), then the account's incoming payments (if ARGV[5] is 1):
--   records, index, ends, received
-- ARGV: amount, deadline, until when the mark is kept, has receipt, has incoming payment, how long the receipt's record is kept at most,
--   then of the incoming payment: id, member, incoming amount (empty for none), expires at, terms, whether it may be made,
--   how many the account keeps, how long all of them are kept
local amount, deadline, markUntil = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local receipt = ARGV[4] == '1' and KEYS[3] or nil
local first = ARGV[4] == '1' and 4 or 3
local incoming = ARGV[5] == '1' and ARGV[7] or nil

local before = redis.call('GET', KEYS[2])
if before then return { 'already', '0', funds(), '0', before } end
if now > deadline then return { 'expired', '0', funds(), '0', '0' } end

local payment, isNew = nil, false
if incoming then
  payment = readIncoming(KEYS[first], incoming)
  isNew = not payment
  if isNew then
    payment = { received = '0', completed = '0', amount = ARGV[9], expires = ARGV[10], member = ARGV[8], terms = ARGV[11] }
  end
  if payment.completed == '1' or tonumber(payment.expires) <= now then return { 'closed', '0', funds(), '0', '0' } end
  -- The caller looks first whether it was completed unpaid, which is not written in this slot.
  if isNew and ARGV[12] ~= '1' then return { 'unknown', '0', funds(), '0', '0' } end
  if payment.amount ~= '' then
    local open = compare(payment.amount, payment.received) > 0 and subtract(payment.amount, payment.received) or '0'
    if compare(amount, open) > 0 then return { 'noroom', '0', funds(), min(open, room()), '0' } end
  end
end

local total, isNewTotal = '0', false
if receipt then
  local known = redis.call('HGET', receipt, '1')
  isNewTotal, known = not known, known or '0'
  if compare(amount, subtract(maxTotal, known)) > 0 then return { 'noroom', '0', funds(), subtract(maxTotal, known), '0' } end
  total = add(known, amount)
end

sweep('')
if compare(amount, room()) > 0 then return { 'noroom', '0', funds(), room(), '0' } end
local digits = #credited
credited, balance = add(credited, amount), add(balance, amount)
save()

-- A crash before the mark: the packet was not fulfilled, so nobody paid for it, and a retry credits it again: at the
-- host's cost, this packet at most.
redis.call('SET', KEYS[2], total, 'PX', string.format('%.0f', math.max(1, markUntil - now)))
-- A crash before these: the payer's total or the incoming payment lags by this packet, and the account has the money.
local totalEnds, count, countedFor = '0', '0', '0'
if receipt then
  redis.call('HSET', receipt, '1', total)
  -- A total pays for its time in the store as dust does, so it never outlives its account. It never gets less than it has left: what
  -- was written for a longer time may be compared with a receipt until then.
  local kept, left = tonumber(ARGV[6]), redis.call('PTTL', receipt)
  if compare(total, keptFrom) < 0 then
    kept = math.min(kept, math.max(dustKeptAtLeastMs, math.floor(dustKeptMs * (tonumber(total) / tonumber(keptFrom)))))
  end
  if left < kept then redis.call('PEXPIRE', receipt, string.format('%.0f', kept)) end
  -- The caller counts it into what the host keeps: when it is new, and again when it is kept much longer than it was counted for.
  if isNewTotal or left < kept / 2 then totalEnds = string.format('%.0f', now + kept) end
end
if incoming then
  payment.received = add(payment.received, amount)
  count, countedFor = keepIncoming(first, incoming, payment, isNew, ARGV[13], ARGV[14], digits)
end
return { 'credited', amount, funds(), '0', total, totalEnds, count, countedFor }
