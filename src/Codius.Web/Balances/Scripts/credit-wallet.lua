-- Credits the increase of what the host's receiving wallet says it received on an incoming payment.
-- KEYS: account, the account's totals (hash by payment: total,until), their ends (payments by until), then the account's incoming
--   payments: records, index, ends, received
-- ARGV: payment id, total, whether the wallet completed it, until when it is counted, how long its total is kept after that, then of the
--   incoming payment: member, incoming amount (empty for none), expires at, terms, how many the account keeps, how long all are kept,
--   the payer (empty if unknown)
local id, total, completed, countedUntil = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local totals, totalEnds, first = KEYS[2], KEYS[3], 4

-- Past its end nothing is credited, so that its total may be forgotten.
if now > countedUntil then return { 'expired', '0', funds(), '0', '0' } end

local function writeTotal(payment, units, untilMs)
  redis.call('ZADD', totalEnds, untilMs, payment)
  redis.call('HSET', totals, payment, units .. ',' .. untilMs)
  for key = 2, 3 do
    local left = redis.call('PTTL', KEYS[key])
    if left >= 0 and left < tonumber(untilMs) - now or left == -1 then redis.call('PEXPIREAT', KEYS[key], untilMs) end
  end
end

local function knownTotal(payment)
  return string.match(redis.call('HGET', totals, payment) or '', '^(%d+),') or '0'
end

-- The account's field wallet is the last total that was counted, written in the HSET that credited it: one entry, however many payments
-- the account has. A crash before the total was written beside the account: it is written now, so that no crash counts an increase twice.
-- An account that ended as dust meanwhile has lost the field with all that was counted.
local last, lastTotal, lastUntil = string.match(redis.call('HGET', KEYS[1], 'wallet') or '', '^([^,]+),(%d+),(%d+)$')
local repaired = last and tonumber(lastUntil) > now and compare(lastTotal, knownTotal(last)) > 0
if repaired then writeTotal(last, lastTotal, lastUntil) end

local known = knownTotal(id)
local payment = readIncoming(KEYS[first], id)
local isNew = not payment
if isNew then payment = { received = '0', completed = '0', amount = ARGV[7], expires = ARGV[8], member = ARGV[6], terms = ARGV[9] } end

if compare(total, known) <= 0 then
  -- No money, but what is shown may have changed, or a crash may have kept it from being written.
  local lags = compare(payment.received, known) < 0 or (completed and payment.completed == '0')
  local count, countedFor = '0', '0'
  if (not isNew and lags) or (repaired and last == id) then
    payment.received = known
    if completed then payment.completed = '1' end
    count, countedFor = keepIncoming(first, id, payment, isNew, ARGV[10], ARGV[11], #credited)
  end
  return { 'already', '0', funds(), '0', known, '0', count, countedFor }
end

local increase = subtract(total, known)
sweep('')
if compare(increase, room()) > 0 then return { 'noroom', '0', funds(), room(), known } end
local digits, untilMs = #credited, string.format('%.0f', countedUntil + tonumber(ARGV[5]))
credited, balance = add(credited, increase), add(balance, increase)
count('wallet', increase)
save('wallet', id .. ',' .. total .. ',' .. untilMs)

-- A crash before these: the next credit of the account writes the total, and the payment's next look writes what it shows.
writeTotal(id, total, untilMs)
writeEntries({ { field = 'wallet:' .. id, units = increase, payer = ARGV[12] } })
payment.received = total
if completed then payment.completed = '1' end
local count, countedFor = keepIncoming(first, id, payment, isNew, ARGV[10], ARGV[11], digits)

-- More leave than come, so what has ended does not stay.
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', totalEnds, '-inf', string.format('%.0f', now), 'LIMIT', '0', '4')) do
  redis.call('HDEL', totals, ended)
  redis.call('ZREM', totalEnds, ended)
end
return { 'credited', increase, funds(), '0', total, '0', count, countedFor }
