-- The record of who owns a name, beside the app's account. Its text is 'owner' as long as the app may exist, and 'owner until'
-- (milliseconds) once it was deleted; one without 'until' that expires by itself belongs to a deploy that the cluster has not shown yet.
-- KEYS: record, the app's account
-- ARGV: what happened, owner ('-' for the host itself), how long a deleted name is kept, how long a claim lasts (ms)
local what, owner, keep, claim = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local record = redis.call('GET', KEYS[1]) or ''
local holder, text = string.match(record, '^(%S+) ?(%d*)$')
local ends = tonumber(text or '')
local isOver = ends and ends <= now

-- While there is an account, its balance is booked before the next owner gets the name, which takes the record. Beside no account, or one
-- that is dust, the record ends by itself: after any payment that was under way (30 days) and the longest life of dust since (90 days).
local function endOf(owner, milliseconds)
  local ended = string.format('%s %.0f', owner, now + milliseconds)
  if redis.call('PTTL', KEYS[2]) == -1 then
    redis.call('SET', KEYS[1], ended)
  else
    redis.call('SET', KEYS[1], ended, 'PX', string.format('%.0f', milliseconds + 15552000000))
  end
end

if what == 'exists' then
  -- Each gateway says so of each app; only the first writes.
  if record ~= owner or redis.call('PTTL', KEYS[1]) >= 0 then redis.call('SET', KEYS[1], owner) end
elseif what == 'deleting' then
  -- The cluster says whose the app is; whatever was here before is out of date.
  endOf(owner, keep)
elseif what == 'unknown' then
  -- Whose it is can be read from the record only. Without one it is nobody's but the host's; a claim is for another app and ends by itself.
  if ends or redis.call('PTTL', KEYS[1]) < 0 then endOf(holder or owner, keep) end
elseif what == 'gone' then
  -- Mostly the deletion has set the end already, and the name may be another owner's by now.
  if not holder or (holder == owner and (not ends or isOver)) then endOf(owner, keep) end
elseif what == 'forfeited' then
  if record == owner then redis.call('DEL', KEYS[1]) end
elseif isOver then
  return { 'over', record, text }
elseif what == 'claim' then
  if not holder then
    redis.call('SET', KEYS[1], owner, 'PX', string.format('%.0f', claim))
  elseif holder ~= owner then
    -- There is no such app, and nobody saw it go: its owner's time starts now. At least a claim's, in case the app was just created
    -- and the gateway that asks has not seen it yet.
    if not ends and redis.call('PTTL', KEYS[1]) < 0 then endOf(holder, math.max(keep, claim)) end
    return { 'held', holder, '' }
  elseif not ends and redis.call('PTTL', KEYS[1]) >= 0 then
    redis.call('PEXPIRE', KEYS[1], string.format('%.0f', claim))
  end
elseif holder then
  return { 'held', holder, '' }
end
return { 'done', '', '' }
