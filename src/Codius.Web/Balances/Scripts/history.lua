-- KEYS[2] is the account's history: one field per change by hand or with an id. The newest are kept: a repeat of an id that is not there
-- any more is a change of its own.
local historyKept, historySlack = 1000, 100
-- A history from before there was a limit may have a million changes: sorting them would stop the store for seconds.
local historySorted, historySample = 5000, 200

local function inHistory(id)
  return id ~= '' and redis.call('HEXISTS', KEYS[2], id) == 1
end

-- Reads the whole history, so only once for many changes. Of one that is too long for that, each change deletes the older half of a
-- sample: the newest are too small a part of it to be in that half.
local function trimHistory()
  local length = redis.call('HLEN', KEYS[2])
  if length <= historyKept + historySlack then return end
  local all, entries, kept = nil, {}, historyKept
  if length <= historySorted then
    all = redis.call('HGETALL', KEYS[2])
  else
    all, kept = redis.call('HRANDFIELD', KEYS[2], historySample, 'WITHVALUES'), historySample / 2
  end
  for i = 1, #all, 2 do
    entries[#entries + 1] = { id = all[i], at = tonumber(string.match(all[i + 1], '^%S+ %d+ (%d+)') or '0') }
  end
  table.sort(entries, function(a, b) return a.at < b.at end)
  for i = 1, #entries - kept do redis.call('HDEL', KEYS[2], entries[i].id) end
end

-- A crash between the HSET of the money and this line: the money moved and the id is not recorded; the caller must read the balance
-- before it repeats the change. A crash before the oldest are deleted: the next change deletes them.
local function writeHistory(id, kind, amount, reason, by)
  if id == '' then return end
  redis.call('HSET', KEYS[2], id, string.format('%s %s %.0f %s', kind, amount, now, reason))
  if isDust() then redis.call('PEXPIRE', KEYS[2], string.format('%.0f', dustKeptMs)) else redis.call('PERSIST', KEYS[2]) end
  trimHistory()
  writeEntry(kind, id, amount, by, reason)
end
