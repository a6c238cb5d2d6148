-- Credits payments of one account, in their order: STREAM packets, and the increases of receipts' running totals. Each has the outcome
-- that it would have in a script of its own after those before it; the money of all moves at once.
-- KEYS: account, then the account's incoming payments (if ARGV[1] is 1): records, index, ends, received; then of each credit in turn
--   packet: its mark, then the record of its receipt (if it has one)
--   receipt: the record of its nonce in this account
-- ARGV: whether any has an incoming payment, how many of these the account keeps, how long all of them are kept, how long the record of
--   a packet's receipt is kept at most, then of each credit in turn
--   packet: 'packet', amount, deadline, until when the mark is kept, the connection in the statement, has receipt, has incoming payment,
--     then of that: id, member, incoming amount (empty for none), expires at, terms, whether it may be made,
--     the payer (empty if unknown)
--   receipt: 'receipt', stream id, total, issued at, expires at, until when the record is kept
local mostKept, paymentsKept, totalKept = ARGV[2], ARGV[3], tonumber(ARGV[4])
local first = 2
local key, at = ARGV[1] == '1' and 6 or 2, 5

local credits, marks = {}, {}
while at < #ARGV do
  local credit = { isPacket = ARGV[at] == 'packet' }
  if credit.isPacket then
    credit.amount, credit.deadline, credit.markUntil = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
    credit.mark = KEYS[key]
    credit.field = 'stream:' .. ARGV[at + 4]
    marks[#marks + 1] = credit.mark
    if ARGV[at + 5] == '1' then
      key = key + 1
      credit.record, credit.stream = KEYS[key], '1'
    end
    if ARGV[at + 6] == '1' then
      credit.payment, credit.member, credit.most = ARGV[at + 7], ARGV[at + 8], ARGV[at + 9]
      credit.expires, credit.terms, credit.mayMake = ARGV[at + 10], ARGV[at + 11], ARGV[at + 12] == '1'
      credit.payer = ARGV[at + 13]
      at = at + 7
    end
    at = at + 1
  else
    credit.stream, credit.total, credit.issuedAt = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
    credit.expiresAt, credit.keptUntil = tonumber(ARGV[at + 4]), ARGV[at + 5]
    credit.record = KEYS[key]
    credit.field = 'receipt:' .. string.match(credit.record, '[^:]*$')
  end
  key, at = key + 1, at + 6
  credits[#credits + 1] = credit
end

-- What is stored, and what the credits before have changed.
local counted, totals, payments = {}, {}, {}
if #marks > 0 then
  local texts = redis.call('MGET', (table.unpack or unpack)(marks))
  for i = 1, #marks do counted[marks[i]] = texts[i] or nil end
end

local function totalOf(credit)
  local id = credit.record .. ' ' .. credit.stream
  if not totals[id] then
    local known = redis.call('HGET', credit.record, credit.stream)
    totals[id] = { units = known or '0', isNew = not known }
  end
  return totals[id]
end

local function paymentOf(credit)
  local payment = payments[credit.payment] or readIncoming(KEYS[first], credit.payment)
  if payment then
    payments[credit.payment] = payment
    return payment
  end
  return { received = '0', completed = '0', amount = credit.most, expires = credit.expires, member = credit.member,
    terms = credit.terms, isNew = true }
end

local entries, entryOf = {}, {}

local function move(credit, units)
  credited, balance = add(credited, units), add(balance, units)
  count(credit.isPacket and 'stream' or 'receipt', units)
  local entry = entryOf[credit.field]
  if entry then
    entry.units = add(entry.units, units)
  else
    entry = { field = credit.field, units = units, payer = credit.payer }
    entryOf[credit.field], entries[#entries + 1] = entry, entry
  end
end

-- Each returns the outcome, the increase, the room, and the total.
local function creditPacket(credit)
  local amount, before = credit.amount, counted[credit.mark]
  if before then return 'already', '0', '0', before end
  if now > credit.deadline then return 'expired', '0', '0', '0' end

  local payment = credit.payment and paymentOf(credit)
  if payment then
    if payment.completed == '1' or tonumber(payment.expires) <= now then return 'closed', '0', '0', '0' end
    -- The caller looks first whether it was completed unpaid, which is not written in this slot.
    if payment.isNew and not (credit.mayMake or payments[credit.payment]) then return 'unknown', '0', '0', '0' end
    if payment.amount ~= '' then
      local open = compare(payment.amount, payment.received) > 0 and subtract(payment.amount, payment.received) or '0'
      if compare(amount, open) > 0 then return 'noroom', '0', min(open, room()), '0' end
    end
  end
  local total = credit.record and totalOf(credit)
  if total and compare(amount, subtract(maxTotal, total.units)) > 0 then
    return 'noroom', '0', subtract(maxTotal, total.units), '0'
  end

  sweep('')
  if not hasRoomFor(amount) then return 'noroom', '0', room(), '0' end
  move(credit, amount)
  if total then total.units, total.last = add(total.units, amount), credit end
  if payment then
    payment.received, payment.last = add(payment.received, amount), credit
    if payment.amount ~= '' and compare(payment.received, payment.amount) >= 0 then payment.completed = '1' end
    payments[credit.payment] = payment
  end
  credit.units = total and total.units or '0'
  counted[credit.mark] = credit.units
  return 'credited', amount, '0', credit.units
end

local function creditReceipt(credit)
  -- Gateways' clocks may be 60 s off; a nonce from further in the future would outlive its lifetime.
  if now > credit.expiresAt or credit.issuedAt > now + 60000 then return 'expired', '0', '0', '0' end
  local total = totalOf(credit)
  if compare(credit.total, total.units) <= 0 then return 'already', '0', '0', total.units end

  local increase = subtract(credit.total, total.units)
  sweep('')
  if not hasRoomFor(increase) then return 'noroom', '0', room(), total.units end
  move(credit, increase)
  total.units, total.last, credit.units = credit.total, credit, credit.total
  return 'credited', increase, '0', credit.total
end

local digits, answers, moved = #credited, {}, false
for i, credit in ipairs(credits) do
  local outcome, increase, free, total = (credit.isPacket and creditPacket or creditReceipt)(credit)
  answers[i] = { outcome, increase, funds(), free, total, '0', '0', '0' }
  moved = moved or outcome == 'credited'
end

if moved then
  save()
  -- A crash before these: none of the packets was fulfilled, so nobody paid for them, and no receipt was answered. A retry credits them
  -- again: at the host's cost, the credits of this script at most.
  for _, credit in ipairs(credits) do
    if credit.units and credit.isPacket then
      redis.call('SET', credit.mark, credit.units, 'PX', string.format('%d', math.max(1, credit.markUntil - now)))
    elseif credit.units then
      redis.call('HSET', credit.record, credit.stream, credit.units)
      if redis.call('PTTL', credit.record) < tonumber(credit.keptUntil) - now then
        redis.call('PEXPIREAT', credit.record, credit.keptUntil)
      end
    end
  end
end

if moved then writeEntries(entries) end

-- A total pays for its time in the store as dust does, so it never outlives its account. It never gets less than it has left: what was
-- written for a longer time may be compared with a receipt until then. Returns its end for the caller to count into what the host keeps:
-- when it is new, and again when it is kept much longer than it was counted for.
local function keepTotal(credit, total)
  redis.call('HSET', credit.record, '1', credit.units)
  local kept, left = totalKept, redis.call('PTTL', credit.record)
  if compare(credit.units, keptFrom) < 0 then
    kept = math.min(kept, math.max(dustKeptAtLeastMs, math.floor(dustKeptMs * (tonumber(credit.units) / tonumber(keptFrom)))))
  end
  if left < kept then redis.call('PEXPIRE', credit.record, string.format('%.0f', kept)) end
  return (total.isNew or left < kept / 2) and string.format('%.0f', now + kept) or '0'
end

for i, credit in ipairs(credits) do
  -- A crash before these: payers' totals or incoming payments lag by this script's packets, and the account has the money.
  if credit.units and credit.isPacket then
    local answer, total = answers[i], credit.record and totalOf(credit)
    if total and total.last == credit then answer[6] = keepTotal(credit, total) end
    local payment = credit.payment and payments[credit.payment]
    if payment and payment.last == credit then
      answer[7], answer[8] = keepIncoming(first, credit.payment, payment, payment.isNew, mostKept, paymentsKept, digits)
    end
  end
  answers[i] = table.concat(answers[i], ',')
end
return answers
