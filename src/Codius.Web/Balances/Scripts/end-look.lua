-- The result of a look, and when the next one is due. A crash before it: the claim ends by itself, and the payment is looked at again.
-- KEYS: of looks.lua
-- ARGV: ahead, id, the claim, the outcome (unchanged, increased, failed, ended), ms before which there is no next look, ms between two
--   looks at the least, ms after its end at which an open payment is looked at for the last time
local id, claim, outcome, after = ARGV[2], ARGV[3], ARGV[4], math.min(3600000, tonumber(ARGV[5]))
local pause, lastAfter = tonumber(ARGV[6]), tonumber(ARGV[7])
local state = readState(id)
if not state then return 'missing' end
if outcome == 'ended' then
  forget(id, state)
  return 'forgotten'
end
local oldClass, oldMember = state.class, queueMember(id, state)
if outcome == 'increased' then touch(id, state, '1') end
if state.held == '0' or state.looked ~= claim then
  -- Another gateway looks at it by now, and decides.
  if outcome == 'increased' then place(id, state, oldClass, oldMember) end
  return 'late'
end

-- The looks at once and a second later. Only hints, which are counted by party, and money make a payment hot: payments made without end
-- must not come before those that money is hinted at for.
local hot = 2
local wasHot = state.class == 'hot'
local soonest = now + after
if state.held == '2' then
  state.class, state.unchanged = 'hot', 0
  state.due = math.max(soonest, soonestAfterLook(state, pause))
else
  state.unchanged = outcome == 'increased' and 1 or math.min(state.unchanged + 1, 99)
  local wait = math.min(30000, 1000 * 2 ^ math.min(state.unchanged - 1, 5))
  -- One that cannot be read after its end: less often with time, an hour apart at most.
  if now > state.ends then wait = math.max(wait, math.min(3600000, math.floor((now - state.ends) / 8))) end
  -- One that is not hinted at stays idle, or whoever makes many would delay the looks at what was paid.
  if state.closing == '0' then
    state.class = (wasHot or outcome == 'increased') and state.unchanged < hot and 'hot' or 'idle'
  end
  state.due = math.max(soonest, now + wait)
  local last = state.ends + lastAfter
  if state.closing == '0' and now < last and state.due > last then state.due = math.max(soonest, last) end
end
state.held = '0'
place(id, state, oldClass, oldMember)
return 'placed'
