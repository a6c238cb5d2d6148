-- Writes what was credited on an incoming payment beside its account, after the money has moved. A crash before the record is written:
-- the payment is in the lists of what is kept, so it is counted and forgotten as any other, and its next credit makes the record.
-- Returns what the caller counts into what the host keeps: how many payments the account has and what was credited to it; '0' for
-- nothing to count.
local function keepIncoming(first, id, payment, isNew, most, life, digits)
  local records, index, ends, units = KEYS[first], KEYS[first + 1], KEYS[first + 2], KEYS[first + 3]
  if payment.amount ~= '' and compare(payment.received, payment.amount) >= 0 then payment.completed = '1' end
  if isNew then
    -- A full account never refuses a payer. It forgets what ended first; if all are open, the one that received least: to displace a
    -- payment costs more than it brought. A forgotten one shows nothing received and may be paid again up to its amount, until its end.
    -- Two at most, so that a lowered limit is reached in steps.
    for _ = 1, math.min(2, redis.call('ZCARD', ends) + 1 - tonumber(most)) do
      local soonest = redis.call('ZRANGE', ends, 0, 0, 'WITHSCORES')
      local member = tonumber(soonest[2]) <= now and soonest[1] or redis.call('ZRANGE', units, 0, 0)[1] or soonest[1]
      redis.call('HDEL', records, string.sub(member, -36))
      redis.call('ZREM', index, member)
      redis.call('ZREM', units, member)
      redis.call('ZREM', ends, member)
    end
    redis.call('ZADD', index, '0', payment.member)
  end
  redis.call('ZADD', ends, payment.completed == '1' and string.format('%.0f', now) or payment.expires, payment.member)
  redis.call('ZADD', units, payment.received, payment.member)
  writeIncoming(records, id, payment)
  if isNew then
    for key = first, first + 3 do redis.call('PEXPIRE', KEYS[key], life) end
  end
  -- With each new payment, and again when the account is worth ten times as much.
  if isNew or #credited > digits then return string.format('%.0f', redis.call('ZCARD', ends)), credited end
  return '0', '0'
end
