-- KEYS[1] is the account: one hash with all its counters and leases, so that one HSET changes money whole or not at all.
-- Always: credited = balance + spent + leased.
-- The last of ARGV is what an account must have been paid altogether to be kept for good: below that it is dust.
local fieldNames = {
  'credited', 'balance', 'spent', 'leased', 'leases', 'recall', 'forwarded', 'dust', 'errors', 'ended', 'totals', 'forgotten',
}
-- What readAccount() reads, and functions change until save() writes it.
local stored, exists, credited, balance, spent, leased, recall
local leases, ended, forgotten, changed, keptFrom
-- The store's time, once for a script, and the same in milliseconds.
local clock, now

-- A lease is written id,granted,used,sequence,expires; leases are separated by a semicolon. Units of requests that apps have stand in the
-- field forwarded, by lease as id,units: until an app answers, no gateway can give them back.
local function readLeases(texts, forwardedTexts)
  leases = {}
  if (texts or '') == '' then return end
  local forwarded = {}
  for id, units in string.gmatch(forwardedTexts or '', '([^,;]+),(%d+)') do forwarded[id] = units end
  for text in string.gmatch(texts, '[^;]+') do
    local id, granted, used, sequence, expires = string.match(text, '^([^,]+),(%d+),(%d+),(%d+),(%d+)$')
    leases[#leases + 1] = {
      id = id, granted = granted, used = used, sequence = tonumber(sequence), expires = tonumber(expires),
      forwarded = forwarded[id] or '0',
    }
  end
end

-- Leases that ended lately, the newest last, as id,sequence,until: the sequence of the request that ended it. One that was swept has 0
-- there, and the sequence of its last request after the rest. A repeat of the request that ended it gets the answer that was lost.
-- Of a lease that has ended, a late repeat of its first request must not begin it anew: a late repeat of another would then settle its
-- units a second time. So its id begins with the time until which it may begin, 30 seconds after the store's time as its gateway knew
-- it, and the field forgotten has the latest such time of the leases that are not listed any more: none begins by then. That holds
-- whatever the clocks do, and however many leases end.
local endedKeptMs, endedMost = 90000, 100

-- Nil for a lease of a gateway of before.
local function beginsUntil(id)
  return tonumber((string.match(id, '^(%d+)%-')))
end

local function forget(id)
  forgotten = math.max(forgotten, beginsUntil(id) or 0)
end

local function readEnded(texts)
  ended = {}
  if (texts or '') == '' then return end
  for id, sequence, untilMs, last in string.gmatch(texts, '([^,;]+),(%d+),(%d+),?(%d*)') do
    if tonumber(untilMs) > now then
      ended[#ended + 1] = { id = id, sequence = tonumber(sequence), untilMs = untilMs, last = tonumber(last) }
    else
      forget(id)
    end
  end
end

-- Sets all of the above anew but for the time: a script of several accounts runs it for each.
local function readAccount()
  stored = redis.call('HMGET', KEYS[1], (table.unpack or unpack)(fieldNames))
  exists, credited, balance = stored[1] and true or false, stored[1] or '0', stored[2] or '0'
  spent, leased, recall = stored[3] or '0', stored[4] or '0', stored[6] or ''
  clock = clock or redis.call('TIME')
  now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  forgotten, changed, keptFrom, booked = tonumber(stored[12] or 0), false, ARGV[#ARGV] or '0', nil
  readLeases(stored[5], stored[7])
  readEnded(stored[10])
end

-- Nil if it has not ended, or is forgotten.
local function findEnded(id)
  for _, each in ipairs(ended) do
    if each.id == id then return each end
  end
end

local function isForgotten(id)
  local untilMs = beginsUntil(id)
  return untilMs and untilMs <= forgotten or false
end

local function isTooLateToBegin(id)
  return isForgotten(id) or (beginsUntil(id) or now) < now
end

local function endLease(id, sequence, last)
  if #ended >= endedMost then forget(table.remove(ended, 1).id) end
  ended[#ended + 1] = { id = id, sequence = sequence, untilMs = string.format('%.0f', now + endedKeptMs), last = last }
end

-- Returns what expired leases still hold. The caller's own lease is kept: until another script sweeps it, it may settle late. What its
-- gateway served and did not settle is the host's loss, never the payer's.
local function sweep(ownId)
  if #leases == 0 then return end
  local alive = {}
  for _, lease in ipairs(leases) do
    if lease.expires < now and lease.id ~= ownId then
      local left = subtract(lease.granted, lease.used)
      balance, leased, changed = add(balance, left), subtract(leased, left), true
      endLease(lease.id, 0, lease.sequence)
    else
      alive[#alive + 1] = lease
    end
  end
  leases = alive
end

-- Dust pays for its time in the store: 90 days for what it lacks a unit of, less for less, an hour at least. It ends, with all that is left
-- of it, when nothing has changed it for so long; leases and bills of awake apps are changes, and marks of packets end before it. The books
-- of the host, whose names begin with a hyphen, have no end, nor has what was once paid enough: a raised price gives it none.
local dustKeptMs, dustKeptAtLeastMs = 7776000000, 3600000

local function isDust()
  if exists and stored[8] ~= '1' then return false end
  return string.sub(KEYS[1], 1, 9) ~= 'codius:{-' and compare(credited, keptFrom) < 0
end

-- How long dust and its books are kept from now on.
local function dustMs()
  return string.format('%.0f', math.max(dustKeptAtLeastMs, dustKeptMs * (tonumber(credited) / tonumber(keptFrom))))
end

-- How many times it was paid what keeps it for good; the books of the host have what they need.
local function timesPaid()
  if keptFrom == '0' or string.sub(KEYS[1], 1, 9) == 'codius:{-' then return 1000000 end
  return tonumber(credited) / tonumber(keptFrom)
end

-- Those of the last KEYS that have the account's books.
local function eachBook(command, ...)
  for key = #KEYS - 2, #KEYS do redis.call(command, KEYS[key], ...) end
end

-- Puts off the ends of dust and of its books. A credit of dust would write four ends each time, so one that is put off by less than a
-- sixteenth of its time is left as it is. Without an end, after a crash or an end within the script, it has less than that.
local function putOffEnds(mayHaveNewBooks)
  local kept = dustMs()
  if not mayHaveNewBooks and redis.call('PTTL', KEYS[1]) >= kept * 15 / 16 then return end
  redis.call('PEXPIRE', KEYS[1], kept)
  eachBook('PEXPIRE', kept)
end

-- The fields leases, forwarded and ended.
local function textsOfLeases()
  if #leases == 0 and #ended == 0 then return '', '', '' end
  local texts, having, endings = {}, {}, {}
  for i, lease in ipairs(leases) do
    texts[i] = string.format('%s,%s,%s,%.0f,%.0f', lease.id, lease.granted, lease.used, lease.sequence, lease.expires)
    if lease.forwarded ~= '0' then having[#having + 1] = lease.id .. ',' .. lease.forwarded end
  end
  for i, each in ipairs(ended) do
    endings[i] = string.format('%s,%.0f,%s', each.id, each.sequence, each.untilMs)
    if each.last then endings[i] = endings[i] .. string.format(',%.0f', each.last) end
  end
  return table.concat(texts, ';'), table.concat(having, ';'), table.concat(endings, ';')
end

-- Money moves here and nowhere else: one HSET, of the fields that are another than before; of dust all of them, since Garnet may end it
-- within the script, and what is written then is all there is. It has one field at least: a store that takes no writes answers with its
-- error, so that a visit gets 503 and not 402. A crash before it: nothing happened. A crash after it: the money is counted, and the marks
-- that would detect a repeat may be missing; each script states who bears that cost.
local function save(...)
  local leaseTexts, forwardedTexts, endedTexts = textsOfLeases()
  local dust = isDust()
  -- First: a crash before the HSET leaves dust without an end until its next change, and never an end to what is not dust any more.
  if stored[8] == '1' and not dust then
    redis.call('PERSIST', KEYS[1])
    eachBook('PERSIST')
  end
  -- Of dust that ended there may be books left: they are not this account's. Nor if a gateway of a version without books began it.
  local hasTotals = (stored[11] or '') ~= ''
  if not exists or (booked and not hasTotals) then eachBook('DEL') end
  local totals, isNewHour = totalsAfter(stored[11], stored[1] or '0', stored[3] or '0', credited, spent, now, timesPaid)
  local values = {
    credited, balance, spent, leased, leaseTexts, recall, forwardedTexts, dust and '1' or '', stored[9],
    endedTexts, totals, string.format('%.0f', forgotten),
  }
  local fields = { 'credited', credited }
  local mayHaveEnded = stored[8] == '1'
  for i = 2, #fieldNames do
    if values[i] and (mayHaveEnded or values[i] ~= stored[i]) then
      fields[#fields + 1], fields[#fields + 2] = fieldNames[i], values[i]
    end
  end
  -- What the script itself gives comes last, and counts: of dust its field is among the others, as it was read.
  for _, text in ipairs({ ... }) do fields[#fields + 1] = text end
  redis.call('HSET', KEYS[1], (table.unpack or unpack)(fields))
  stored = values
  if dust then
    putOffEnds(isNewHour or not exists)
  elseif hasTotals and isNewHour then
    -- A gateway of a version without books made the account one that is kept for good, and left them their end.
    eachBook('PERSIST')
  end
end

-- Leased units that a recall can bring back.
local function recallable()
  local units = leased
  for _, lease in ipairs(leases) do
    units = subtract(units, min(lease.forwarded, subtract(lease.granted, lease.used)))
  end
  return units
end

-- What can still be paid. Units of forwarded requests cannot: nearly all of them are about to be spent.
local function funds()
  return add(balance, recallable())
end

-- Units that can still be credited.
local function room()
  return min(subtract(maxAmount, credited), subtract(maxAmount, balance))
end

-- Nearly always the lengths say so.
local function hasRoomFor(units)
  return #units <= 18 and #credited <= 18 and #balance <= 18 or compare(units, room()) <= 0
end

-- Gateways with leases see the mark at their next settle, return what is unreserved and lease nothing until it expires.
local recallMs = 2000

local function recallFor(asker)
  recall = string.format('%.0f,%s', now + recallMs, asker)
  changed = true
end

local function recalledByOther(ownId)
  local untilMs, asker = string.match(recall, '^(%d+),(.*)$')
  if not untilMs or asker == ownId then return false end
  -- More than a minute ahead: written while the store's clock was wrong, and it must not hold until then.
  return tonumber(untilMs) >= now and tonumber(untilMs) <= now + 60000
end
