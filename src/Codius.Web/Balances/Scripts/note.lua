-- Writes a note for a client into the one bounded store of notes that the host has. Constant work, however full it is.
-- KEYS: notes (hash), order (members by client and time, all scores 0), ends (ids by their end), clients (by how many notes they have)
-- ARGV: id, client, until, how many notes there may be, the longest life
local notes, order, ends, clients = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, client, most, life = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function forget(forgotten)
  local owner, at = string.match(redis.call('HGET', notes, forgotten) or '', '^([^,]+),(%d+),')
  if owner then
    redis.call('ZREM', order, owner .. ':' .. at .. ':' .. forgotten)
    if tonumber(redis.call('ZINCRBY', clients, '-1', owner)) <= 0 then redis.call('ZREM', clients, owner) end
    redis.call('HDEL', notes, forgotten)
  end
  redis.call('ZREM', ends, forgotten)
end

-- More than one leave for one that comes, so what has ended does not stay.
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', string.format('%.0f', now), 'LIMIT', '0', '4')) do forget(ended) end
if redis.call('HEXISTS', notes, id) == 1 then return 'known' end

-- Full: the oldest note of the client that has most. Who floods the store forgets its own; two at most, so that a lowered limit is
-- reached in steps.
for _ = 1, math.min(2, redis.call('ZCARD', ends) + 1 - most) do
  local heaviest = redis.call('ZREVRANGE', clients, 0, 0)[1] or ''
  local oldest = redis.call('ZRANGEBYLEX', order, '[' .. heaviest .. ':', '(' .. heaviest .. ';', 'LIMIT', '0', '1')[1]
  if oldest then
    forget(string.match(oldest, '^[^:]*:%d+:(.*)$'))
  else
    -- A crash between two lines below: its client's count, or its end, has no note. The count goes, or the end that is next.
    redis.call('ZREM', clients, heaviest)
    forget(redis.call('ZRANGE', ends, 0, 0)[1] or '')
  end
end

-- The note last: a crash before it leaves entries that the lines above remove in time.
local at = string.format('%.0f', now)
local untilMs = string.format('%.0f', math.min(tonumber(ARGV[3]), now + life))
redis.call('ZADD', ends, untilMs, id)
redis.call('ZADD', order, '0', client .. ':' .. at .. ':' .. id)
redis.call('ZINCRBY', clients, '1', client)
redis.call('HSET', notes, id, client .. ',' .. at .. ',' .. untilMs)
for key = 1, 4 do redis.call('PEXPIRE', KEYS[key], ARGV[5]) end
return 'written'
