-- The incoming payments at the host's receiving wallet, and when the gateways look at each. In a slot of their own, without money: what a
-- crash loses between two lines is a look, which is then late or made twice.
-- KEYS: records (hash by id: what gateways keep of a payment), states (hash by id), order (open ones by network, whether they were paid,
--   and since when they are idle), networks (by how many open ones they have); then for hot and for idle ones: their queue (by group
--   and when they are due), and the groups' turns (in microseconds); closing (those that are about to be completed, by network). A group
--   is an app's account and a network that pays it; accounts of deploy tokens, which anyone can invent, are one group for each network.
-- All scores of order, of closing and of the queues are 0: they are read in the order of their members.
-- ARGV[1]: milliseconds ahead of the store's clock, for tests; otherwise 0
local records, states, order, networks, closing = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[9]
local queues, turns = { hot = KEYS[5], idle = KEYS[7] }, { hot = KEYS[6], idle = KEYS[8] }
local clock = redis.call('TIME')
local micros = tonumber(clock[1]) * 1000000 + tonumber(clock[2]) + tonumber(ARGV[1]) * 1000
local now = math.floor(micros / 1000)
local stateForm = '^([^,]+),(%x+),(%a+),(%d+),(%d+),([01]),([01]),(%d+),(%d+),([012]),(%d+)$'

-- held is 1 from a claim until its result, and 2 if there was a hint meanwhile; looked is the time of the last claim.
local function readState(id)
  local group, network, class, due, unchanged, closing, paid, touched, looked, held, ends =
    string.match(redis.call('HGET', states, id) or '', stateForm)
  if not group then return nil end
  return {
    group = group, network = network, class = class, due = tonumber(due), unchanged = tonumber(unchanged), closing = closing,
    paid = paid, touched = tonumber(touched), looked = looked, held = held, ends = tonumber(ends),
  }
end

local function closingMember(id, state)
  return state.network .. ':' .. id
end

local function isHeld(state)
  return state.held ~= '0' and state.due > now
end

-- Of a look that the store's clock, then ahead, says is to come: from now.
local function soonestAfterLook(state, pause)
  return math.min(now, math.floor(tonumber(state.looked) / 1000)) + pause
end

local function queueMember(id, state)
  return string.format('%s:%013.0f:%s', state.group, state.due, id)
end

local function orderMember(id, state)
  return string.format('%s:%s:%013.0f:%s', state.network, state.paid, state.touched, id)
end

-- A group's turn is when its first payment is due; or, if that is past, when it was last served or became due: it comes after all that
-- have waited longer, so that the groups of a class are served in turn, however many payments one of them has.
local function settleTurn(class, group, served)
  local head = redis.call('ZRANGEBYLEX', queues[class], '[' .. group .. ':', '(' .. group .. ';', 'LIMIT', '0', '1')[1]
  if not head then
    redis.call('ZREM', turns[class], group)
    return
  end
  local turn = tonumber(redis.call('ZSCORE', turns[class], group) or '0')
  local waiting = served or (turn <= micros and turn or 0)
  local due = tonumber(string.sub(head, #group + 2, #group + 14)) * 1000
  redis.call('ZADD', turns[class], string.format('%.0f', math.max(due, waiting)), group)
end

-- Moves a payment to its new place in a queue. The state decides, and the new place is there before it, so a crash leaves one place too
-- many and never none; a claim removes it.
local function place(id, state, oldClass, oldMember, served)
  local member = queueMember(id, state)
  redis.call('ZADD', queues[state.class], '0', member)
  local turn = redis.call('ZSCORE', turns[state.class], state.group)
  if not turn or tonumber(turn) > state.due * 1000 then
    redis.call('ZADD', turns[state.class], string.format('%.0f', state.due * 1000), state.group)
  end
  redis.call('HSET', states, id, table.concat({
    state.group, state.network, state.class, string.format('%.0f', state.due), string.format('%.0f', state.unchanged), state.closing,
    state.paid, string.format('%.0f', state.touched), state.looked, state.held, string.format('%.0f', state.ends),
  }, ','))
  if oldMember and (oldMember ~= member or oldClass ~= state.class) then redis.call('ZREM', queues[oldClass], oldMember) end
  if oldClass and oldClass ~= state.class then settleTurn(oldClass, state.group) end
  settleTurn(state.class, state.group, served)
end

local function list(id, state)
  if redis.call('ZADD', order, '0', orderMember(id, state)) == 1 then redis.call('ZINCRBY', networks, '1', state.network) end
end

local function unlist(member)
  local network = string.match(member, '^(%x+):')
  if redis.call('ZREM', order, member) == 1 and tonumber(redis.call('ZINCRBY', networks, '-1', network)) <= 0 then
    redis.call('ZREM', networks, network)
  end
end

-- Not idle: a hint or money came.
local function touch(id, state, paid)
  local before = orderMember(id, state)
  state.touched, state.paid = now, paid or state.paid
  if state.closing == '0' then
    list(id, state)
    if before ~= orderMember(id, state) then unlist(before) end
  end
end

-- To be completed at the wallet: no place of an open one any more. It is due at once, or when the look that is under way has ended.
local function close(id, state)
  local oldClass, oldMember = state.class, queueMember(id, state)
  redis.call('ZADD', closing, '0', closingMember(id, state))
  unlist(orderMember(id, state))
  state.closing, state.unchanged = '1', 0
  if isHeld(state) then
    state.held = '2'
  else
    state.class, state.due, state.held = 'hot', now, '0'
  end
  place(id, state, oldClass, oldMember)
end

local function forget(id, state)
  redis.call('HDEL', records, id)
  unlist(orderMember(id, state))
  redis.call('ZREM', closing, closingMember(id, state))
  redis.call('HDEL', states, id)
  redis.call('ZREM', queues[state.class], queueMember(id, state))
  settleTurn(state.class, state.group)
end
