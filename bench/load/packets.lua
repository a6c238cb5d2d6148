-- Posts the prepared requests in turn. Their file is named by PACKETS: a line each, of a path and the body in hex.
-- Once they are read, the file named by READ is there.
local requests, at = {}, 0

function init()
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer 0123456789abcdef-load"
  for line in io.lines(os.getenv("PACKETS")) do
    local path, hex = line:match("^(%S+) (%S+)$")
    local body = hex:gsub("..", function(digits) return string.char(tonumber(digits, 16)) end)
    wrk.headers["Content-Type"] = path == "/ilp" and "application/octet-stream" or "text/plain"
    requests[#requests + 1] = wrk.format(nil, path, nil, body)
  end
  if os.getenv("READ") then io.open(os.getenv("READ"), "w"):close() end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- Every thread has its own; the number that was sent shows whether any was sent twice.
function done(summary)
  io.write(string.format("sent %d of %s\n", summary.requests, os.getenv("PREPARED") or "?"))
end
