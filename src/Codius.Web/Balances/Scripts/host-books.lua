-- Adds what accounts have booked to the books of the host. Any gateway may, at any time: only the increase since the last time counts.
-- KEYS: the books (hash), their hours, their days
-- ARGV: when the accounts were read, by this clock; then of each in turn: its id, its field totals (empty if there is no such account)
-- The field :totals is a snapshot of the sums. The field of an account has when it began and its sums as they were added, with gone,since,
-- before them if it has ended. What a later version has after the sums stays.
local books, readAt = KEYS[1], tonumber(ARGV[1])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local nowText = string.format('%.0f', now)

-- Of an account that has ended the field is deleted, so one that was read while it was there must not come after that: what it had would
-- count twice.
local lateMs, goneMs = 300000, 900000
if now - readAt > lateMs then return { 'late', nowText } end
if #ARGV == 1 then return { 'done', nowText } end

local ids = {}
for i = 2, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local known = redis.call('HMGET', books, ':totals', (table.unpack or unpack)(ids))
local sumsPattern = string.rep(',(%d*)', kindCount) .. ',(.*)$'

-- What is before the sums, the sums, and as the last one what is after them; none if the text cannot be read.
local function readSums(head, text)
  local read = { string.match(text .. ',', head .. sumsPattern) }
  local after = read[#read]
  if after and after ~= '' then read[#read] = string.sub(after, 1, -2) else read[#read] = nil end
  return read
end

local sums = readSums('^%d+', known[1] or '')
if #sums == 0 then
  for i = 1, kindCount do sums[i] = '' end
end

-- Adds the increase to the sums and returns the account's new field; nil if nothing is to be written.
local function include(field, text)
  local totals = readSums('^%d+,%d+,%d+,(%d+)', text)
  -- One that cannot be read brings nothing, and keeps no other from it.
  if #totals == 0 then return nil, false end
  local began = table.remove(totals, 1)
  local gone = field and string.find(field, '^gone,') and true or false
  local had = readSums('^(%d+)', (string.gsub(field or '', '^gone,%d+,', '')))
  if #had == 0 or tonumber(began) > tonumber(had[1]) then
    had = { began }
    for i = 1, kindCount do had[i + 1] = '' end
  elseif began ~= had[1] then
    -- The account that was there before this one.
    return nil, false
  end
  local grew = false
  for i = 1, kindCount do
    local before = had[i + 1] ~= '' and had[i + 1] or '0'
    -- Less, after the store was restored: it counts again once it is more.
    if totals[i] ~= '' and compare(totals[i], before) > 0 then
      local increase = subtract(totals[i], before)
      sums[i] = sums[i] ~= '' and add(sums[i], increase) or increase
      had[i + 1], grew = totals[i], true
    end
  end
  return (grew or gone) and table.concat(had, ',') or nil, grew
end

local fields, ended, anyGrew = {}, {}, false
for i, id in ipairs(ids) do
  local field, text, new, grew = known[i + 1], ARGV[2 * i + 1], nil, false
  if text ~= '' then
    new, grew = include(field, text)
  elseif field then
    local since = string.match(field, '^gone,(%d+),')
    if not since then
      new = 'gone,' .. nowText .. ',' .. field
    elseif now - tonumber(since) > goneMs then
      ended[#ended + 1] = id
    end
  end
  if new then fields[#fields + 1], fields[#fields + 2] = id, new end
  anyGrew = anyGrew or grew
end

if anyGrew then
  local hour = math.floor(now / hourMs)
  local last = hourOf(known[1])
  if last and last < hour then keepSnapshot(KEYS[2], KEYS[3], known[1], hour, hoursKept, daysKept) end
  fields[#fields + 1], fields[#fields + 2] = ':totals', string.format('%.0f', hour) .. ',' .. table.concat(sums, ',')
end
-- The sums and what of them is whose in one HSET: a crash counts nothing twice. One before the last line: they are deleted the next time.
if #fields > 0 then redis.call('HSET', books, (table.unpack or unpack)(fields)) end
if #ended > 0 then redis.call('HDEL', books, (table.unpack or unpack)(ended)) end
return { 'done', nowText }
