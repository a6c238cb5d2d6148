-- The account's statement, the last of KEYS: one field for each payment or change, as kind:reference, the newest of them. Its text has the
-- units, when it began, when it last grew, the payer, who made it, and why; separated by tabs. It is written after the money has moved. A
-- crash before it: the statement lacks what this script moved, which the sums of the hour have.
-- The newest 1,000 are kept, and fewer of an account that was paid little: entries pay for their room, too.
local entriesKept = 1000

-- Reads the whole statement, so only once for many new entries.
local function trimEntries(entries)
  local kept = math.min(entriesKept, 8 + math.floor(4 * timesPaid()))
  if redis.call('HLEN', entries) <= kept + math.max(8, kept / 10) then return end
  local all, ages = redis.call('HGETALL', entries), {}
  for i = 1, #all, 2 do
    ages[#ages + 1] = { field = all[i], last = tonumber(string.match(all[i + 1], '^%d+\t%d+\t(%d+)') or '0') }
  end
  table.sort(ages, function(a, b) return a.last < b.last end)
  for i = 1, #ages - kept do redis.call('HDEL', entries, ages[i].field) end
end

-- Each is field, units, payer, by, reason. What has the same field is one entry.
local function writeEntries(list)
  if #list == 0 then return end
  local entries, fields, texts, isNew = KEYS[#KEYS], {}, {}, false
  for i, entry in ipairs(list) do fields[i] = entry.field end
  local known, at = redis.call('HMGET', entries, (table.unpack or unpack)(fields)), string.format('%d', now)
  for i, entry in ipairs(list) do
    local units, began, rest = string.match(known[i] or '', '^(%d+)\t(%d+)\t%d+\t(.*)$')
    isNew = isNew or not units
    rest = rest or (entry.payer or '') .. '\t' .. (entry.by or '') .. '\t' .. (entry.reason or '')
    texts[2 * i - 1] = entry.field
    texts[2 * i] = add(units or '0', entry.units) .. '\t' .. (began or at) .. '\t' .. at .. '\t' .. rest
  end
  redis.call('HSET', entries, (table.unpack or unpack)(texts))
  if not isNew then return end -- save() has given it its end, with the account's
  if isDust() then redis.call('PEXPIRE', entries, dustMs()) else redis.call('PERSIST', entries) end
  trimEntries(entries)
end

local function writeEntry(kind, reference, units, by, reason)
  if units ~= '0' then writeEntries({ { field = kind .. ':' .. reference, units = units, by = by, reason = reason } }) end
end
