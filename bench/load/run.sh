#!/usr/bin/env bash
# Paid visits beside bare YARP: the same 1 KiB app behind each, driven in turns by wrk (64 connections), medians of five rounds.
#   bench/load/run.sh                 the ledger is the embedded Garnet
#   LEDGER=redis bench/load/run.sh    the ledger is a redis-server of its own
# All programs share the machine's cores, wrk too. Beside the two ratios it prints the processor time that each proxy uses for a
# request, which is stable on a shared machine as well.
set -euo pipefail
cd "$(dirname "$0")"
price=${PRICE:-0.000000001} rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-8} warm=${WARM_UP:-2}
connections=${CONNECTIONS:-64} ledger=${LEDGER:-embedded}
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

command -v wrk >/dev/null || { [ "$(id -u)" = 0 ] && apt-get -qq install -y wrk >/dev/null; } || { echo "run.sh needs wrk" >&2; exit 2; }
for project in ../../src/Codius.Web VisitLoad; do
  dotnet build -v q -c Release "$project" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
done
bin=$(cd ../../artifacts/bin && pwd)
codius=$bin/Codius.Web/release/Codius.Web.dll load=$bin/VisitLoad/release/VisitLoad.dll

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
app_port=$(free_port) yarp_port=$(free_port) port=$(free_port) management_port=$(free_port)
until_ok() { # until_ok SECONDS curl-arguments...
  local end=$((SECONDS + $1)); shift
  until curl -fs -o /dev/null --max-time 30 "$@"; do
    [ $SECONDS -lt $end ] || { echo "no answer: $*" >&2; cat "$work/gateway.log" >&2; exit 1; }
    sleep 0.2
  done
}

PORT=$app_port dotnet "$load" app & pids+=($!)
PORT=$yarp_port dotnet "$load" yarp "http://127.0.0.1:$app_port/" & pids+=($!); yarp=$!
store=()
if [ "$ledger" = redis ]; then
  redis_port=$(free_port)
  redis-server --port "$redis_port" --dir "$work" --appendonly yes --save '' >"$work/redis.log" & pids+=($!)
  store=("--Redis:ConnectionString=127.0.0.1:$redis_port")
fi
# The gateway starts the same app as a process of its own, when the first paid visit wakes it. A unit a request, so that a purse lasts.
dotnet "$codius" --environment=Development "--Gateway:DataFolder=$work/data" \
  "--Gateway:Port=$port" "--Gateway:ManagementPort=$management_port" "--Host:PublicUrl=http://localhost:$port" \
  --Visits:PerClient:PerSecond=1000000 --Visits:PerClient:Burst=10000000 "--Prices:PerRequest=$price" \
  --Apps:Processes:Images:hello:Command=dotnet "--Apps:Processes:Images:hello:Args:0=$load" \
  --Apps:Processes:Images:hello:Args:1=app "${store[@]}" >"$work/gateway.log" 2>&1 & pids+=($!); gateway=$!

until_ok 60 "http://127.0.0.1:$management_port/health/ready"
curl -fs -o /dev/null -H "Host: wallet.localhost:$port" -H "Origin: http://wallet.localhost:$port" \
  --data-urlencode "pointer=\$hello.localhost:$port" -d amount=1 -d per=once "http://127.0.0.1:$port/pay" \
  || { echo "the sandbox wallet did not pay" >&2; cat "$work/gateway.log" >&2; exit 1; }
until_ok 60 -H "Host: hello.localhost:$port" "http://127.0.0.1:$port/"
until_ok 60 "http://127.0.0.1:$yarp_port/"

used() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # hundredths of a second of processor time, all threads
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# measure NAME PID URL HOST: appends requests per second, p99 in microseconds, and processor microseconds per request.
measure() {
  local before after
  wrk -t2 -c"$connections" -d"${warm}s" -H "Host: $4" "$3" >/dev/null
  before=$(used "$2")
  wrk -t2 -c"$connections" -d"${seconds}s" --latency -H "Host: $4" "$3" >"$work/result"
  after=$(used "$2")
  if grep -q 'Non-2xx' "$work/result"; then cat "$work/result" >&2; exit 1; fi
  awk -v used=$((after - before)) -v to="$work/$1" '
    function micro(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    $1 == "99%" { p99 = micro($2) }
    /requests in/ { n = $1 }
    /^Requests\/sec/ { rate = $2 }
    END { print rate >> (to ".rate"); print p99 >> (to ".p99"); print used * 10000 / n >> (to ".cpu") }' "$work/result"
  echo "  $1: $(tail -n1 "$work/$1.rate") requests/s, p99 $(tail -n1 "$work/$1.p99") µs," \
    "$(tail -n1 "$work/$1.cpu") µs of processor time a request" >&2
}

for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds" >&2
  measure yarp "$yarp" "http://127.0.0.1:$yarp_port/" localhost
  measure gateway "$gateway" "http://127.0.0.1:$port/" "hello.localhost:$port"
done

of() { median <"$work/$1"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
echo "bare YARP:  $(of yarp.rate) requests/s, p99 $(of yarp.p99) µs, $(of yarp.cpu) µs of processor time a request"
echo "Codius.Web: $(of gateway.rate) requests/s, p99 $(of gateway.p99) µs," \
  "$(of gateway.cpu) µs of processor time a request (ledger: $ledger)"
echo "throughput ratio: $(ratio "$(of gateway.rate)" "$(of yarp.rate)")"
echo "p99 ratio: $(ratio "$(of gateway.p99)" "$(of yarp.p99)")"
echo "processor time ratio: $(ratio "$(of gateway.cpu)" "$(of yarp.cpu)")"
