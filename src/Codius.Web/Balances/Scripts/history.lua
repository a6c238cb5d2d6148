-- KEYS[2] is the account's history: one field per change by hand or with an id, kept forever.
local function inHistory(id)
  return id ~= '' and redis.call('HEXISTS', KEYS[2], id) == 1
end

-- A crash between the HSET of the money and this line: the money moved and the id is not recorded; the caller must read the balance
-- before it repeats the change.
local function writeHistory(id, kind, amount, reason)
  if id ~= '' then redis.call('HSET', KEYS[2], id, string.format('%s %s %.0f %s', kind, amount, now, reason)) end
end
