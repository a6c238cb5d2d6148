#!/usr/bin/env bash
# One, two and four gateways on one redis-server: what the ledger sees of each visit. Markdown table lines.
#   bench/load/scale.sh                    1,000 visits a second at each gateway, on one app and on 20
#   RATE=300 GATEWAYS="1 2" APPS="1 100" bench/load/scale.sh
#   BIN=artifacts/bin bench/load/scale.sh  uses what was built before
# The rate is held below what the machine can do (wrk pauses after each answer), so that more gateways mean more visits and not slower
# ones. Each gateway runs the apps as processes of its own. Commands are those that scripts run, too.
set -euo pipefail
cd "$(dirname "$0")"
rate=${RATE:-1000} counts=${GATEWAYS:-1 2 4} apps=${APPS:-1 20} seconds=${SECONDS_EACH:-10} warm=${WARM_UP:-10}
price=${PRICE:-0.000000001} connections=32
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

for tool in dotnet redis-server redis-cli wrk nginx curl openssl python3; do
  command -v "$tool" >/dev/null || { echo "scale.sh needs $tool" >&2; exit 2; }
done
if [ -n "${BIN:-}" ]; then
  bin=$(cd "../../$BIN" 2>/dev/null && pwd || echo "$BIN")
else
  dotnet build -v q -c Release ../../src/Codius.Web >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
  bin=$(cd ../../artifacts/bin && pwd)
fi

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
until_ok() { # until_ok SECONDS curl-arguments...
  local end=$((SECONDS + $1)); shift
  until curl -fs -o /dev/null --max-time 30 "$@"; do
    [ $SECONDS -lt $end ] || { echo "no answer: $*" >&2; tail -n 40 "$work"/*.log >&2; exit 1; }
    sleep 0.2
  done
}
redis_port=$(free_port) admin_token=$(openssl rand -hex 16) secret=$(openssl rand -base64 32)
redis() { redis-cli -p "$redis_port" "$@" | tr -d '\r'; }
redis-server --port "$redis_port" --dir "$work" --appendonly yes --save '' --maxmemory 256mb --maxmemory-policy noeviction \
  >"$work/redis.log" & pids+=($!)

# A web server that costs 3 MB; the gateway's own PORT is in its environment.
mkdir "$work/apps"
cat >"$work/app.sh" <<END
cat >"$work/apps/\$PORT.conf" <<CONFIG
daemon off; master_process off; pid $work/apps/\$PORT.pid; error_log stderr crit;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path $work/apps; proxy_temp_path $work/apps; fastcgi_temp_path $work/apps; uwsgi_temp_path $work/apps;
  scgi_temp_path $work/apps;
  server { listen 127.0.0.1:\$PORT; location / { default_type text/plain; return 200 "$(printf 'x%.0s' {1..1024})"; } }
}
CONFIG
exec nginx -e stderr -c "$work/apps/\$PORT.conf"
END

ports=() management_ports=()
most=$(echo $counts | tr ' ' '\n' | sort -n | tail -n1)
for ((i = 0; i < most; i++)); do ports+=("$(free_port)"); management_ports+=("$(free_port)"); done
host=localhost:${ports[0]}
pay() { # pay POINTER AMOUNT: through the sandbox wallet
  curl -fs -o /dev/null -H "Host: wallet.$host" -H "Origin: http://wallet.$host" --data-urlencode "pointer=$1" -d "amount=$2" \
    -d per=once "http://127.0.0.1:${ports[0]}/pay" || { echo "the sandbox wallet did not pay $1" >&2; exit 1; }
}
gateway() { # gateway NUMBER
  dotnet "$bin/Codius.Web/release/Codius.Web.dll" --environment=Development "--Gateway:DataFolder=$work/data$1" \
    "--Gateway:Port=${ports[$1]}" "--Gateway:ManagementPort=${management_ports[$1]}" "--Host:PublicUrl=http://$host" \
    "--Host:Secret=$secret" "--Admin:Token=$admin_token" "--Redis:ConnectionString=127.0.0.1:$redis_port" \
    --Visits:PerClient:PerSecond=1000000 --Visits:PerClient:Burst=10000000 "--Prices:PerRequest=$price" --Gateway:PerClient=100000 \
    --Gateway:PerClientBurst=100000 --Sleeping:IdleAfter=12:00:00 --Sandbox:StartingBalance=100000 --Apps:MaxAwakePerOwner=1000 \
    --Apps:Processes:Images:hello:Command=sh "--Apps:Processes:Images:hello:Args:0=$work/app.sh" >"$work/gateway$1.log" 2>&1 &
  pids+=($!)
  until_ok 60 "http://127.0.0.1:${management_ports[$1]}/health/ready"
}

gateway 0
pay "\$hello.$host" 1
token=$(openssl rand -hex 32)
account=t-$(printf %s "$token" | openssl dgst -sha256 -binary | base32 | tr -d = | tr A-Z a-z)
pay "\$$host/pay/$account" 1000
most_apps=$(echo $apps | tr ' ' '\n' | sort -n | tail -n1)
for ((i = 1; i <= most_apps; i++)); do
  until_ok 30 -X PUT "http://127.0.0.1:${ports[0]}/services/a$i" -H "Host: $host" -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' -d '{"spec":{"port":8080,"containers":[{"name":"app","image":"hello"}]}}'
  pay "\$a$i.$host" 1
done

# Scripts for leases that the gateways ran, commands and processor microseconds of Redis, so far.
counted() {
  local i leases=0
  sleep 1.5 # the metrics are cached for a moment
  for ((i = 0; i < running; i++)); do
    leases=$((leases + $(curl -fs -H "Authorization: Bearer $admin_token" "http://127.0.0.1:${management_ports[$i]}/metrics" \
      | awk '/^codius_ledger_calls_total/ && /script="leases?"/ { n += $NF } END { printf "%.0f", n }')))
  done
  redis info all | awk -F: -v leases="$leases" '/^used_cpu_(user|sys):/ { cpu += $2 } /^total_commands_processed:/ { commands = $2 }
    END { printf "%d %d %.0f\n", leases, commands, cpu * 1000000 }'
}

# visit SECONDS APPS: the number of visits that all gateways answered.
visit() {
  local i loads=()
  cat >"$work/visit.lua" <<END
local at, heads = 0, {}
for i = 1, $2 do heads[i] = 'GET / HTTP/1.1\r\nHost: a' .. i .. '.$host\r\n\r\n' end
function request() at = at % $2 + 1; return heads[at] end
function delay() return math.floor($connections * 1000 / $rate) end
END
  for ((i = 0; i < running; i++)); do
    wrk -t1 -c$connections -d"${1}s" -s "$work/visit.lua" "http://127.0.0.1:${ports[$i]}/" >"$work/visits$i" & loads+=($!)
  done
  wait "${loads[@]}"
  ! grep -q Non-2xx "$work"/visits? || { cat "$work"/visits? >&2; exit 1; }
  cat "$work"/visits? | awk '/requests in/ { n += $1 } END { print n }'
}

echo '| gateways | apps | visits/s | scripts for leases a visit | Redis commands a visit |' \
  'Redis processor time a visit | for a gateway and second |'
echo '|---:|---:|---:|---:|---:|---:|---:|'
running=1
for gateways in $counts; do
  while [ $running -lt "$gateways" ]; do gateway $running; running=$((running + 1)); done
  for ((g = 0; g < running; g++)); do
    for ((i = 1; i <= most_apps; i++)); do until_ok 60 -H "Host: a$i.$host" "http://127.0.0.1:${ports[$g]}/"; done
  done
  for count in $apps; do
    visit "$warm" "$count" >/dev/null
    before=$(counted)
    visits=$(visit "$seconds" "$count")
    after=$(counted)
    echo "$before $after" | awk -v g="$gateways" -v apps="$count" -v n="$visits" -v s="$seconds" '{
      printf "| %d | %d | %d | %.4f | %.3f | %.2f µs | %.1f ms |\n", g, apps, n / s, ($4 - $1) / n, ($5 - $2) / n, ($6 - $3) / n,
        ($6 - $3) / s / g / 1000 }'
  done
done
