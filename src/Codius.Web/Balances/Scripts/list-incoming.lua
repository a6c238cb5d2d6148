-- A page of the payments of one creator, oldest first: O(log n) and the page.
-- KEYS: records, index    ARGV: creator, count, id of the cursor (empty for none), 1 for the page before the cursor
local records, index, count = KEYS[1], KEYS[2], tonumber(ARGV[2])
-- Members of the creator are between creator: and creator; (the next character).
local low = redis.call('ZLEXCOUNT', index, '-', '(' .. ARGV[1] .. ':')
local high = redis.call('ZLEXCOUNT', index, '-', '(' .. ARGV[1] .. ';')
local at = low - 1
if ARGV[3] ~= '' then
  local cursor = readIncoming(records, ARGV[3])
  local rank = cursor and redis.call('ZRANK', index, cursor.member)
  if not rank or rank < low or rank >= high then return { 'nocursor' } end
  at = rank
end
local start, stop = at + 1, math.min(high, at + 1 + count) - 1
if ARGV[4] == '1' then start, stop = math.max(low, at - count), at - 1 end
local page = { 'page', stop + 1 < high and '1' or '0', start > low and '1' or '0' }
if stop >= start then
  for _, member in ipairs(redis.call('ZRANGE', index, start, stop)) do
    local id = string.sub(member, -36)
    local _, text = readIncoming(records, id)
    -- Without a record after a crash: the payment's next packet writes it.
    if text then
      page[#page + 1] = id
      page[#page + 1] = text
    end
  end
end
return page
