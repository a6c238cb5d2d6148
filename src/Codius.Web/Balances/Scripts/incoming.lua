-- The paid incoming payments of one account: at most so many, each of a bounded length, and none before its first credit.
-- The keys, in this order: records (hash by id), index (members by creator and time, all scores 0), ends (members by their end),
-- received (members by units). A member is creator:created:id. A record is written
-- received,completed,amount (empty for none),expires at,member,terms.
local function readIncoming(records, id)
  local text = redis.call('HGET', records, id)
  if not text then return nil end
  local received, completed, amount, expires, member, terms = string.match(text, '^(%d+),([01]),(%d*),(%d+),([^,]+),([^,]*)$')
  return { received = received, completed = completed, amount = amount, expires = expires, member = member, terms = terms }, text
end

local function writeIncoming(records, id, payment)
  redis.call('HSET', records, id, table.concat(
    { payment.received, payment.completed, payment.amount, payment.expires, payment.member, payment.terms }, ','))
end
