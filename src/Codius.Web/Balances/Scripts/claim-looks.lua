-- Gives a gateway the payments that it should look at now: hot ones before idle ones, of each class the groups in turn. The work is that
-- of the payments it gives, however many there are.
-- KEYS: of looks.lua      ARGV: ahead, how many at most, how long they are held: one whose result does not come is due again after that
local most, heldFor = tonumber(ARGV[2]), tonumber(ARGV[3])
local answer, given = { '' }, 0

local function nextGroup(class, until_)
  return redis.call('ZRANGEBYSCORE', turns[class], '-inf', string.format('%.0f', until_), 'LIMIT', '0', '1')[1]
end

-- No wait is longer than an hour: what is due later was placed when the store's clock was ahead, and is due now.
local latest = now + 7200000

local function settleLast(class, group)
  local last = redis.call('ZREVRANGEBYLEX', queues[class], '(' .. group .. ';', '[' .. group .. ':', 'LIMIT', '0', '1')[1]
  if not last or tonumber(string.sub(last, #group + 2, #group + 14)) <= latest then return end
  local id = string.sub(last, -36)
  local state = readState(id)
  if state and state.class == class and queueMember(id, state) == last then
    state.due, state.held = now, '0'
    place(id, state, class, last)
  else
    redis.call('ZREM', queues[class], last)
  end
end

-- One for each claim, and below one for each look: all in time, and no claim is much work.
for _, class in ipairs({ 'hot', 'idle' }) do
  local last = redis.call('ZREVRANGE', turns[class], 0, 0, 'WITHSCORES')
  if last[1] and tonumber(last[2]) > latest * 1000 then
    settleLast(class, last[1])
    settleTurn(class, last[1])
  end
end

-- More steps than looks, since a step may find what a crash left.
for step = 1, 2 * most + 8 do
  if given >= most then break end
  local at = micros + step
  local class, other = 'hot', 'idle'
  -- One in four is for an idle one, so that hints without end delay the last look at a payment and do not prevent it.
  if at % 4 == 0 then class, other = other, class end
  local group = nextGroup(class, at)
  if not group then class, group = other, nextGroup(other, at) end
  if not group then break end

  local head = redis.call('ZRANGEBYLEX', queues[class], '[' .. group .. ':', '(' .. group .. ';', 'LIMIT', '0', '1')[1]
  local id = head and string.sub(head, -36)
  local state = id and readState(id)
  if not state or state.class ~= class or queueMember(id, state) ~= head then
    if id and not state then redis.call('HDEL', records, id) end
    if head then redis.call('ZREM', queues[class], head) end
    settleTurn(class, group)
  elseif state.due * 1000 > at then
    settleTurn(class, group)
  else
    local record = redis.call('HGET', records, id)
    if record then
      state.looked, state.held, state.due = string.format('%.0f', micros), '1', now + heldFor
      place(id, state, class, head, at)
      settleLast(class, group)
      given = given + 1
      for _, text in ipairs({ id, record, string.format('%.0f', state.unchanged), state.closing, state.looked }) do
        answer[#answer + 1] = text
      end
    else
      forget(id, state)
    end
  end
end

-- When the next one is due, in milliseconds from now.
for _, key in ipairs({ turns.hot, turns.idle }) do
  local score = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  local wait = score and math.max(0, math.ceil((tonumber(score) - micros) / 1000))
  if wait and (answer[1] == '' or wait < tonumber(answer[1])) then answer[1] = string.format('%.0f', wait) end
end
return answer
