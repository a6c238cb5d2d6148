-- Keeps a payment that was made at the receiving wallet, to be looked at. Constant work, however many there are.
-- KEYS: of looks.lua      ARGV: ahead, id, group, network, when it ends, record, whether it is hot, how many may be open
local id, most = ARGV[2], tonumber(ARGV[8])
if readState(id) then return 'known' end
-- Those that are closing keep their place until they are completed at the wallet. The more places are taken, the fewer one network may
-- have, so that one, or a few, cannot take all of them: the last places are for those that have little.
local function countOf(key)
  return redis.call('ZLEXCOUNT', key, '[' .. ARGV[4] .. ':', '(' .. ARGV[4] .. ';')
end
local free = 2 * most - redis.call('HLEN', states)
if free <= 0 or countOf(order) + countOf(closing) >= 3 * free then return 'full' end

-- Full of open ones: the network that has most loses the one that is idle longest, and rather one without money; none of the last minute
-- as long as there is an older one. Nothing is lost by it: what is closing is completed at the wallet, and credited first.
local function displace()
  local heaviest = redis.call('ZREVRANGE', networks, 0, 0)[1]
    or string.match(redis.call('ZRANGE', order, 0, 0)[1] or '', '^(%x+):')
  if not heaviest then return end
  local function idlest(paid)
    local low, high = heaviest .. ':' .. paid .. ':', heaviest .. ':' .. paid .. ';'
    return redis.call('ZRANGEBYLEX', order, '[' .. low, '(' .. high, 'LIMIT', '0', '1')[1]
  end
  local function isOld(member)
    return member and tonumber(string.match(member, '^%x+:[01]:(%d+):')) <= now - 60000
  end
  local unpaid, paid = idlest('0'), idlest('1')
  local member = not isOld(unpaid) and isOld(paid) and paid or unpaid or paid
  if not member then
    -- A crash left a count without a payment.
    redis.call('ZREM', networks, heaviest)
    return
  end
  local displaced = string.sub(member, -36)
  local state = readState(displaced)
  if state and state.closing == '0' and orderMember(displaced, state) == member then
    close(displaced, state)
  else
    unlist(member)
  end
end

-- Two at most, so that a lowered limit is reached in steps.
for _ = 1, math.min(2, redis.call('ZCARD', order) + 1 - most) do displace() end

-- The record last: the payer gets no answer before it, so what a crash leaves without one was promised to no payer, and a claim removes it.
local state = {
  group = ARGV[3], network = ARGV[4], class = ARGV[7] == '1' and 'hot' or 'idle', due = now + 1000, unchanged = 1, closing = '0',
  paid = '0', touched = now, looked = '0', held = '0', ends = tonumber(ARGV[5]),
}
place(id, state)
list(id, state)
redis.call('HSET', records, id, ARGV[6])
return 'opened'
