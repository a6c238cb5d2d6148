-- Posts the prepared packets in turn. Their file (hex, one per line) is named by PACKETS.
local requests, at = {}, 0

function init()
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer load"
  wrk.headers["Content-Type"] = "application/octet-stream"
  for line in io.lines(os.getenv("PACKETS")) do
    local body = line:gsub("..", function(hex) return string.char(tonumber(hex, 16)) end)
    requests[#requests + 1] = wrk.format(nil, nil, nil, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
