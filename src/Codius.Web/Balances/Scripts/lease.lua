-- One step of a lease: settles what was used, returns what is free, grants more.
-- KEYS: account
-- ARGV: lease id (first the time until which the lease may begin), sequence, used (cumulative), wanted, least, kept, return,
--   how long the lease lasts, forwarded (of kept), the owner's cap per hour (empty for none), with how many leases there is no new one
--   (empty for no bound), ahead, free (of kept), the app's free errors since the last request, whether it is a deploy's
-- All in one HSET; a crash before it changes nothing, a crash after it loses the reply, which a repeat with the same sequence gets.
local id, sequence, used = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local wanted, least, kept = ARGV[4], ARGV[5], ARGV[6]
local lasts, cap, most = tonumber(ARGV[8]), ARGV[10], tonumber(ARGV[11])
local ahead, free, errors = ARGV[12], ARGV[13], tonumber(ARGV[14])
local isDeploy, deployed = ARGV[15] == '1', '0'

-- The field errors has the app's free errors of a minute that begins with the first of them, as its start in milliseconds and their count.
local errorsFrom, errorsUsed = string.match(stored[9] or '', '^(%d+),(%d+)$')
errorsFrom, errorsUsed = tonumber(errorsFrom or now), tonumber(errorsUsed or 0)
if errorsFrom > now or now - errorsFrom >= 60000 then errorsFrom, errorsUsed = now, 0 end

sweep(id)
local lease, at = nil, #leases + 1
for i, each in ipairs(leases) do
  if each.id == id then lease, at = each, i end
end

-- With the answer goes a time after which a new lease may begin: the store's, unless its clock was ahead for a while; and the store's.
local function answer(outcome, wait, isCounted)
  return {
    outcome, lease and lease.granted or '0', funds(), recalledByOther(id) and '1' or '0', string.format('%.0f', wait or 0),
    string.format('%.0f', errorsUsed), string.format('%.0f', errorsUsed > 0 and errorsFrom + 60000 - now or 0),
    isCounted == false and '0' or '1', string.format('%.0f', math.max(now, forgotten)),
    string.format('%.0f', now),
  }
end

if not lease then
  local last = findEnded(id)
  local isLate = not last and isTooLateToBegin(id)
  if sequence > 1 or last or isLate then
    if changed then save() end
    -- Whether the request's errors are counted: it was the lease's last one, whose answer was lost before the lease was swept. Of a
    -- lease that is forgotten nothing is known: then the host bears them.
    if not last then return answer('swept', nil, isForgotten(id)) end
    if sequence ~= last.sequence then return answer('swept', nil, sequence <= (last.last or last.sequence)) end
    -- A repeat of the request that ended it, whose answer was lost: all that was used is settled, and its errors are counted.
    lease = { granted = used }
    return answer('granted')
  end
  -- All of an account's leases are one field, which every script reads.
  if most and #leases >= most then
    if changed then save() end
    return answer('recalled')
  end
  lease = { id = id, granted = '0', used = '0', sequence = 0, expires = 0, forwarded = '0' }
  leases[at] = lease
end
if sequence <= lease.sequence then
  -- A repeat of the newest request renews the lease, as the request did: a deploy has its whole time from the answer on, also if the
  -- lease has expired since and no script has swept it.
  if sequence > 0 and sequence == lease.sequence then lease.expires, changed = now + lasts, true end
  if changed then save() end
  return answer('granted')
end
lease.sequence, lease.expires, changed = sequence, now + lasts, true

local spends = cap ~= '' and readSpends() or nil

-- Never beyond the grant: a gateway cannot settle what it was not given.
local settled = min(used, lease.granted)
if compare(settled, lease.used) > 0 then
  local increase = subtract(settled, lease.used)
  lease.used, spent, leased = settled, add(spent, increase), subtract(leased, increase)
  count(isDeploy and 'deploys' or 'requests', increase)
  if isDeploy then deployed = increase end
  if spends then countSpent(spends, increase) end
end

if ARGV[7] == '1' then
  local stays = add(lease.used, kept)
  if compare(stays, lease.granted) < 0 then
    local back = subtract(lease.granted, stays)
    lease.granted, leased, balance = stays, subtract(leased, back), add(balance, back)
  end
end

lease.forwarded = min(ARGV[9], subtract(lease.granted, lease.used))

local function grant(units)
  lease.granted, leased, balance = add(lease.granted, units), add(leased, units), subtract(balance, units)
end

local outcome, wait = 'granted', nil
if wanted ~= '0' then
  local allowed = spends and min(wanted, capRoom(spends, cap)) or wanted
  if spends and compare(capRoomAfterRecall(spends, cap), least) < 0 then
    outcome, wait = 'capped', secondsUntilRoom(spends, cap, least)
  elseif compare(funds(), least) < 0 then
    outcome = 'notenough'
  elseif recalledByOther(id) then
    outcome = 'recalled'
  elseif compare(balance, least) < 0 or compare(allowed, least) < 0 then
    recallFor(id)
    outcome = 'recalled'
  else
    grant(min(allowed, balance))
    recall = ''
  end
end

-- Ahead of visits to come: so much that the lease holds at most a quarter of what no visit has reserved yet, so that other gateways find
-- the rest, and as little of the room in a cap. Below one price there is none: then it is one price at a time.
if ahead ~= '0' and outcome == 'granted' and not recalledByOther(id) then
  local most = share(add(balance, free), 1, '0', 4)
  if spends then most = min(most, (share(add(capRoom(spends, cap), free), 1, '0', 4))) end
  ahead = compare(most, free) > 0 and min(min(ahead, subtract(most, free)), balance) or '0'
  if spends then ahead = min(ahead, capRoom(spends, cap)) end
  if ahead ~= '0' and compare(add(free, ahead), least) >= 0 then grant(ahead) end
end

errorsUsed = errorsUsed + errors
-- A lease with nothing left in it is deleted; the gateway sees that by granted = used and uses a new id next time.
if lease.granted == lease.used then
  table.remove(leases, at)
  -- One that never was granted anything may be requested again; unless a repeat would count its errors again.
  if sequence > 1 or lease.granted ~= '0' or errors > 0 then endLease(id, sequence) end
end
if not exists then
  -- A write that changes nothing: a store that takes no writes answers with its error, so that a visit gets 503 and not 402.
  redis.call('LPUSHX', KEYS[1], '')
else
  local fields = {}
  if spends then fields[1], fields[2] = 'spends', spendsText(spends) end
  if errors > 0 then
    fields[#fields + 1], fields[#fields + 2] = 'errors', string.format('%.0f,%.0f', errorsFrom, errorsUsed)
  end
  save((table.unpack or unpack)(fields))
  writeEntry('deploy', id, deployed)
end
return answer(outcome, wait)
