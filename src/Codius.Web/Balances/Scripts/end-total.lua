-- A payment at the host's receiving wallet is forgotten: its total is kept for what is still under way, and no longer. No money changes.
-- KEYS: account, the account's totals (hash by payment: total,until), their ends (payments by until)
-- ARGV: payment id, how long its total is kept from now on
local id, totals, totalEnds = ARGV[1], KEYS[2], KEYS[3]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local ends = now + tonumber(ARGV[2])
local text = string.format('%.0f', ends)

-- Never longer than before. A crash after any of these lines: what is left ends when it would have ended.
local known, knownUntil = string.match(redis.call('HGET', totals, id) or '', '^(%d+),(%d+)$')
if known and tonumber(knownUntil) > ends then
  redis.call('HSET', totals, id, known .. ',' .. text)
  redis.call('ZADD', totalEnds, text, id)
end

-- The account's last total, from which a credit writes one that a crash kept from being written: with the longer end it would be back.
local last, lastTotal, lastUntil = string.match(redis.call('HGET', KEYS[1], 'wallet') or '', '^([^,]+),(%d+),(%d+)$')
if last == id and tonumber(lastUntil) > ends then
  redis.call('HSET', KEYS[1], 'wallet', id .. ',' .. lastTotal .. ',' .. text)
end

-- An account that is paid once is credited no more: what has ended goes here too, and the rest with the last one.
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', totalEnds, '-inf', string.format('%.0f', now), 'LIMIT', '0', '4')) do
  redis.call('HDEL', totals, ended)
  redis.call('ZREM', totalEnds, ended)
end
local latest = redis.call('ZRANGE', totalEnds, -1, -1, 'WITHSCORES')[2]
if latest then
  for key = 2, 3 do redis.call('PEXPIREAT', KEYS[key], string.format('%.0f', tonumber(latest))) end
end
return known and 'shortened' or 'missing'
