-- nginx's access phase: the price of a request is taken by a Redis script, over a kept connection, or the answer is 402.
local script = ngx.shared.bench:get('script')
local function call(...)
  local words = { ... }
  local line = { '*' .. #words .. '\r\n' }
  for i = 1, #words do line[#line + 1] = '$' .. #words[i] .. '\r\n' .. words[i] .. '\r\n' end
  return table.concat(line)
end
local redis = ngx.socket.tcp()
redis:settimeout(2000)
local ok = redis:connect('127.0.0.1', tonumber(ngx.var.redis_port))
if not ok then return ngx.exit(503) end
redis:send(call('EVALSHA', script, '1', 'account:' .. ngx.var.host, '1'))
local reply = redis:receive('*l')
redis:setkeepalive(60000, 128)
if reply == ':1' then return end
if reply == ':0' then return ngx.exit(402) end
return ngx.exit(503)
