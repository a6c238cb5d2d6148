#!/usr/bin/env bash
# Payments per second and core, each credited in a store: STREAM packets at /ilp or receipts at :creditReceipt, of 1 and of 1,000 accounts.
#   bench/load/credits.sh packets
#   bench/load/credits.sh receipts
# The gateway (or Node, or a Kestrel endpoint that only reads and answers) has core 0; wrk and redis-server have core 1. The embedded store
# is in the gateway's process, so its work is on core 0 too. Each is measured ROUNDS times in turn; the medians count. Ratios are of
# payments per second of the server's processor time. After each run the balances must have every payment that was answered.
# SERVERS names those to measure; UNDER is put before each measured program (such as `chrt -r 10`, beside other work).
set -euo pipefail
cd "$(dirname "$0")"
kind=${1:-packets} rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-6} connections=${CONNECTIONS:-32}
warm=${WARM_UP:-20000} count=${COUNT:-200000} under=${UNDER:-}
servers=${SERVERS:-bare node-1 node-1000 redis-1 redis-1000 embedded-1 embedded-1000}
work=$(mktemp -d)
pids=()
finish() {
  local pid tries
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for ((tries = 0; tries < 100; tries++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    if kill -KILL "$pid" 2>/dev/null; then echo "process $pid did not end by itself" >&2; fi
    wait "$pid" 2>/dev/null || true
  done
  pids=()
}
trap 'finish; rm -rf "$work"' EXIT

for tool in dotnet node wrk taskset redis-server; do
  command -v "$tool" >/dev/null || { echo "credits.sh needs $tool" >&2; exit 2; }
done
[ -d peers/node_modules ] || { echo "Run 'npm ci' in bench/load/peers first." >&2; exit 2; }
if [ -z "${BUILT:-}" ]; then
  for project in ../../src/Codius.Web PacketLoad; do
    dotnet build -v q -c Release "$project" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
  done
fi
bin=${BIN:-$(cd ../../artifacts/bin && pwd)}
load() { dotnet "$bin/PacketLoad/release/PacketLoad.dll" "$@"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
secret=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=

start_redis() {
  redis_port=$(free_port)
  taskset -c 1 $under redis-server --port "$redis_port" --dir "$work" --appendonly yes --save '' --maxmemory 1gb \
    --maxmemory-policy noeviction >"$work/redis.log" & pids+=($!)
  # It does not start if another program took its port meanwhile.
  until redis-cli -p "$redis_port" ping >"$work/ping" 2>&1; do
    kill -0 "${pids[-1]}" 2>/dev/null || { tail "$work/redis.log" >&2; exit 1; }
    sleep 0.1
  done
}

# start STORE ACCOUNTS: starts a server on core 0 with its store, and prepares payments to it; leaves $url and $server.
start() {
  local store=$1 accounts=$2 line port management settings=()
  rm -rf "$work/data" "$work"/appendonlydir "$work/in" "$work/out"
  case $store in
    node)
      start_redis
      mkfifo "$work/in" "$work/out"
      taskset -c 0 $under env NODE_ENV=production node peers/credited.mjs "{\"redis\":$redis_port,\"seed\":\"$secret\"}" \
        <"$work/in" >"$work/out" & pids+=($!); server=$!
      exec 3>"$work/in" 4<"$work/out"
      read -r line <&4
      port=$(sed 's/[^0-9]//g' <<<"$line")
      if [ "$kind" = packets ]; then
        echo "{\"make\":$accounts}" >&3
        head -n "$accounts" <&4 | load prepare "$work/all" "$count"
      else load receipts "$work/all" "$count" "$accounts" node; fi ;;
    bare)
      mkfifo "$work/out"
      taskset -c 0 $under dotnet "$bin/PacketLoad/release/PacketLoad.dll" serve bare >"$work/out" & pids+=($!); server=$!
      exec 4<"$work/out"
      read -r line <&4
      port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$line") ;;
    *)
      [ "$store" = embedded ] || { start_redis; settings=("--Redis:ConnectionString=127.0.0.1:$redis_port"); }
      port=$(free_port) management=$(free_port)
      taskset -c 0 $under dotnet "$bin/Codius.Web/release/Codius.Web.dll" --environment=Development "--Gateway:DataFolder=$work/data" \
        "--Gateway:Port=$port" "--Gateway:ManagementPort=$management" "--Host:PublicUrl=http://localhost:$port" \
        "--Host:Secret=$secret" --Payments:Connectors:load=0123456789abcdef-load --Payments:MaxUnsettled=1000000 \
        --Payments:PerClient=1000000 --Payments:PerClientBurst=1000000 --Payments:PerAccount=1000000 \
        --Payments:PerAccountBurst=1000000 "${settings[@]}" >"$work/gateway.log" 2>&1 & pids+=($!); server=$!
      until curl -fs --max-time 5 -o /dev/null "http://127.0.0.1:$management/health/ready"; do
        kill -0 "$server" || { cat "$work/gateway.log" >&2; exit 1; }
        sleep 0.2
      done ;;
  esac
  if [ "$store" != node ]; then
    if [ "$kind" = packets ]; then load credentials "$accounts" | load prepare "$work/all" "$count"
    else load receipts "$work/all" "$count" "$accounts" gateway; fi
  fi
  url="http://localhost:$port"
  head -n 1 "$work/all" >"$work/first"
  sed -n "2,${warm}p" "$work/all" >"$work/warm"
  tail -n +$((warm + 1)) "$work/all" >"$work/run"
  load check "$url" "$work/first" 2>"$work/check" || { cat "$work/check" >&2; exit 1; }
  [ "$store" = bare ] || [ "$kind" = receipts ] || grep -q Fulfill "$work/check" || { cat "$work/check" >&2; exit 1; }
}

# drive FILE SECONDS: posts the lines in turn; leaves wrk's result. While it warms up, they come again and again: a repeat takes the same
# way, and credits nothing.
drive() {
  PACKETS="$work/$1" PREPARED=$(wc -l <"$work/$1") taskset -c 1 $under wrk -t1 -c"$connections" -d"$2s" --latency -s packets.lua "$url" \
    >"$work/result"
  [ "$1" = run ] || return 0
  if grep -q 'Non-2xx' "$work/result"; then cat "$work/result" >&2; exit 1; fi
  [ "$store" = bare ] || awk '/^sent/ && $2 + 64 > $4 { exit 1 }' "$work/result" \
    || { echo "more payments are needed: COUNT" >&2; exit 1; }
}

used() { awk '{ print $14 + $15 }' "/proc/$server/stat"; } # hundredths of a second of processor time, all threads

for ((round = 1; round <= rounds; round++)); do
  for name in $servers; do
    store=${name%-*} accounts=${name##*-}
    [ "$name" = bare ] && accounts=1
    start "$store" "$accounts"
    # Under full load on one core the compiler hardly runs, so it gets pauses.
    for ((pulse = 1; pulse <= ${PULSES:-8}; pulse++)); do drive warm 2; sleep 1; done
    warmed=$(awk -v most=$((warm - 1)) '/^sent/ { print $2 < most ? $2 : most }' "$work/result")
    before=$(used)
    drive run "$seconds"
    after=$(used)
    sent=$(awk '/^sent/ { print $2 }' "$work/result")
    awk -v used=$((after - before)) -v to="$work/$name" '
      function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
      $1 == "99%" { print ms($2) >> (to ".p99") }
      /requests in/ { print $1 * 100 / used >> (to ".busy") }
      /^Requests\/sec/ { print $2 >> (to ".rate") }' "$work/result"
    echo "round $round  $name  $(tail -n1 "$work/$name.rate")/s, $(tail -n1 "$work/$name.busy") per second of processor time," \
      "p99 $(tail -n1 "$work/$name.p99") ms" >&2
    case $store in redis | embedded)
      credited=$(load balances "$url" "$accounts")
      expected=$(((1 + warmed + sent) * 1000)) # or more: those in flight when wrk ended
      [ "$credited" -ge "$expected" ] || { echo "credited $credited of $expected" >&2; exit 1; } ;;
    esac
    exec 3>&- 4<&- || true
    finish
  done
done

median() { sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] }'; }
of() { median <"$work/$1"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
echo "| $kind: server on one core, accounts | a second | per second of processor time | p99 | of bare | of Node |"
echo "|---|---:|---:|---:|---:|---:|"
for name in $servers; do
  accounts=${name##*-}
  awk -v name="$name" -v rate="$(of "$name.rate")" -v busy="$(of "$name.busy")" -v p99="$(of "$name.p99")" \
    -v bare="$(of bare.busy 2>/dev/null || echo 0)" -v node="$(of "node-$accounts.busy" 2>/dev/null || echo 0)" '
    function part(of) { return of == 0 ? "" : sprintf("%.2f", busy / of) }
    BEGIN { printf "| %s | %.0f | %.0f | %.1f ms | %s | %s |\n", name, rate, busy, p99, part(bare), part(node) }'
done
