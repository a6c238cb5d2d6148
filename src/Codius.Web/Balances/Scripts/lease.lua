-- One step of a lease: settles what was used, returns what is free, grants more.
-- KEYS: account
-- ARGV: lease id, sequence, used (cumulative), wanted, least, kept, return, how long the lease lasts, forwarded (of kept),
--   the owner's cap per hour (empty for none), with how many leases there is no new one (empty for no bound)
-- All in one HSET; a crash before it changes nothing, a crash after it loses the reply, which a repeat with the same sequence gets.
local id, sequence, used = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local wanted, least, kept = ARGV[4], ARGV[5], ARGV[6]
local lasts, cap, most = tonumber(ARGV[8]), ARGV[10], tonumber(ARGV[11])

sweep(id)
local lease, at = nil, #leases + 1
for i, each in ipairs(leases) do
  if each.id == id then lease, at = each, i end
end

local function answer(outcome, wait)
  return { outcome, lease and lease.granted or '0', funds(), recalledByOther(id) and '1' or '0', string.format('%.0f', wait or 0) }
end

if not lease then
  if sequence > 1 then
    if changed then save() end
    return answer('swept')
  end
  -- All of an account's leases are one field, which every script reads.
  if most and #leases >= most then
    if changed then save() end
    return answer('recalled')
  end
  lease = { id = id, granted = '0', used = '0', sequence = 0, expires = 0, forwarded = '0' }
  leases[at] = lease
end
if sequence <= lease.sequence then return answer('granted') end
lease.sequence, lease.expires, changed = sequence, now + lasts, true

local spends = cap ~= '' and readSpends() or nil

-- Never beyond the grant: a gateway cannot settle what it was not given.
local settled = min(used, lease.granted)
if compare(settled, lease.used) > 0 then
  local increase = subtract(settled, lease.used)
  lease.used, spent, leased = settled, add(spent, increase), subtract(leased, increase)
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

local outcome, wait = 'granted', nil
if wanted ~= '0' then
  local allowed = spends and min(wanted, capRoom(spends, cap)) or wanted
  if compare(allowed, least) < 0 then
    outcome, wait = 'capped', secondsUntilRoom(spends, cap, least)
  elseif compare(funds(), least) < 0 then
    outcome = 'notenough'
  elseif recalledByOther(id) then
    outcome = 'recalled'
  elseif compare(balance, least) < 0 then
    recallFor(id)
    outcome = 'recalled'
  else
    local grant = min(allowed, balance)
    lease.granted, leased, balance = add(lease.granted, grant), add(leased, grant), subtract(balance, grant)
    recall = ''
  end
end

-- A lease with nothing left in it is deleted; the gateway sees that by granted = used and uses a new id next time.
if lease.granted == lease.used then table.remove(leases, at) end
if not exists then
  -- A write that changes nothing: a store that takes no writes answers with its error, so that a visit gets 503 and not 402.
  redis.call('LPUSHX', KEYS[1], '')
elseif spends then
  save('spends', spendsText(spends))
else
  save()
end
return answer(outcome, wait)
