-- A payment should be looked at now, or be completed at the wallet.
-- KEYS: of looks.lua      ARGV: ahead, id, hint or close, ms between two looks at the least
local id, pause = ARGV[2], tonumber(ARGV[4])
local state = readState(id)
if not state then return 'missing' end
if ARGV[3] == 'close' then
  close(id, state)
  return 'closing'
end
if state.closing == '1' then return 'closing' end

local oldClass, oldMember = state.class, queueMember(id, state)
touch(id, state)
state.unchanged = 0
if isHeld(state) then
  -- The look that is under way may have read before what is hinted at: another one follows it.
  state.held = '2'
else
  local due = math.max(now, soonestAfterLook(state, pause))
  -- Hints in a row do not move it back.
  if state.class ~= 'hot' or state.due > due then state.due = due end
  state.class, state.held = 'hot', '0'
end
place(id, state, oldClass, oldMember)
return 'hinted'
