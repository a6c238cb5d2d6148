-- Books what is owed more: credited and balance of a book of the host. Each writer has an id and a sequence number of its own, so that a
-- repeat changes nothing.
-- KEYS: account      ARGV: amount, writer, sequence
local amount, writer, sequence = ARGV[1], ARGV[2], tonumber(ARGV[3])
-- A writer that is silent for long is gone, and its entry ends; the newest are kept. One that repeats a booking after that books it twice:
-- the debt is then too high by a second's packets, until the host adjusts it.
local kept, most = 604800000, 100

-- The field bookers has id,sequence,time of each writer, the one that wrote last at the end; separated by a semicolon.
local texts, known = {}, 0
for id, number, at in string.gmatch(redis.call('HGET', KEYS[1], 'bookers') or '', '([^,;]+),(%d+),(%d+)') do
  if id == writer then
    known = tonumber(number)
  elseif now - tonumber(at) <= kept then
    texts[#texts + 1] = string.format('%s,%s,%s', id, number, at)
  end
end
if sequence <= known then return { 'repeated', funds() } end
sweep('')
if compare(amount, room()) > 0 then return { 'outofrange', funds() } end
while #texts >= most do table.remove(texts, 1) end
texts[#texts + 1] = string.format('%s,%.0f,%.0f', writer, sequence, now)
credited, balance = add(credited, amount), add(balance, amount)
count('stream', amount)
-- The money and the sequence number in one HSET: no crash separates them.
save('bookers', table.concat(texts, ';'))
writeEntry('connector', writer, amount)
return { 'done', funds() }
