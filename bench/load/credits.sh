#!/usr/bin/env bash
# Payments per second and core, each credited in a store: STREAM packets at /ilp or receipts at :creditReceipt, of 1 and of 1,000 accounts.
#   bench/load/credits.sh packets
#   bench/load/credits.sh receipts
# The servers (the gateway, Node, the receipt verifier of 2020, and a Kestrel endpoint that only reads and answers) have core 0; wrk and
# redis-server have core 1. The embedded store is in the gateway's process, so its work is on core 0 too. All of them run at the same time,
# each with a store and a wrk of its own that is stopped but for pieces of half a second, ROUNDS (16) for each in random order: so what
# else the machine does meets all of them alike. Ratios are of payments per second of the server's processor time. Afterwards the balances
# must have every payment that was answered.
# SERVERS names those to measure, as store-accounts; UNDER is put before each measured program (such as `chrt -r 10`, beside other work).
set -euo pipefail
cd "$(dirname "$0")"
kind=${1:-packets} rounds=${ROUNDS:-16} connections=${CONNECTIONS:-64}
warm=${WARM_UP:-200000} count=${COUNT:-500000} pulses=${PULSES:-12} under=${UNDER:-}
[ "$kind" = packets ] && nodes='node-1' || nodes='node-1 verifier-1'
servers=${SERVERS:-bare $nodes redis-1 redis-1000 embedded-1 embedded-1000}
work=$(mktemp -d)
pids=()
declare -A server url driver paid used_by active
finish() {
  local pid tries
  pids+=("${driver[@]}")
  for pid in "${pids[@]}"; do kill -CONT "$pid" 2>/dev/null || true; kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for ((tries = 0; tries < 100; tries++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    if kill -KILL "$pid" 2>/dev/null; then echo "process $pid did not end by itself" >&2; fi
    wait "$pid" 2>/dev/null || true
  done
}
trap 'finish; rm -rf "$work"' EXIT

for tool in dotnet node wrk taskset redis-server shuf; do
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
  taskset -c 1 $under redis-server --port "$redis_port" --dir "$side" --appendonly yes --save '' --maxmemory 1gb \
    --maxmemory-policy noeviction >"$side/redis.log" & pids+=($!)
  # It does not start if another program took its port meanwhile.
  until redis-cli -p "$redis_port" ping >"$side/ping" 2>&1; do
    kill -0 "${pids[-1]}" 2>/dev/null || { tail "$side/redis.log" >&2; exit 1; }
    sleep 0.1
  done
}

# start NAME: starts a server on core 0 with its store, and prepares payments to it.
start() {
  local name=$1 store=${1%-*} accounts=${1##*-} line port management settings=()
  [ "$name" = bare ] && accounts=1
  side=$work/$name
  mkdir "$side"
  case $store in
    node)
      start_redis
      mkfifo "$side/in" "$side/out"
      taskset -c 0 $under env NODE_ENV=production node peers/credited.mjs "{\"redis\":$redis_port,\"seed\":\"$secret\"}" \
        <"$side/in" >"$side/out" & pids+=($!); server[$name]=$!
      exec 3>"$side/in" 4<"$side/out"
      read -r line <&4
      port=$(sed 's/[^0-9]//g' <<<"$line")
      if [ "$kind" = packets ]; then
        echo "{\"make\":$accounts}" >&3
        head -n "$accounts" <&4 | load prepare "$side/all" "$count"
      else load receipts "$side/all" "$count" "$accounts" node >"$side/nonces"; fi ;;
    verifier) # it takes receipts only of nonces that it has issued, as its proxy for SPSP notes them
      start_redis
      port=$(free_port)
      VERIFIER_PORT=$port SPSP_PROXY_PORT=$(free_port) SPSP_ENDPOINT=http://127.0.0.1:1/ RECEIPT_SEED=$secret NODE_ENV=production \
        REDIS_URI=redis://127.0.0.1:$redis_port/ taskset -c 0 $under node peers/node_modules/@coil/receipt-verifier/dist/index.js \
        >"$side/verifier.log" 2>&1 & pids+=($!); server[$name]=$!
      load receipts "$side/all" "$count" "$accounts" verifier >"$side/nonces"
      awk '{ print "HSET ilpReceipts:" $1 " dummy 0\nEXPIRE ilpReceipts:" $1 " 86400" }' "$side/nonces" \
        | redis-cli -p "$redis_port" >"$side/noted" ;;
    bare)
      mkfifo "$side/out"
      taskset -c 0 $under dotnet "$bin/PacketLoad/release/PacketLoad.dll" serve bare >"$side/out" & pids+=($!); server[$name]=$!
      exec 5<"$side/out"
      read -r line <&5
      port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$line") ;;
    *)
      [ "$store" = embedded ] || { start_redis; settings=("--Redis:ConnectionString=127.0.0.1:$redis_port"); }
      port=$(free_port) management=$(free_port)
      taskset -c 0 $under dotnet "$bin/Codius.Web/release/Codius.Web.dll" --environment=Staging "--Gateway:DataFolder=$side/data" \
        "--Gateway:Port=$port" "--Gateway:ManagementPort=$management" "--Host:PublicUrl=http://localhost:$port" \
        "--Host:Secret=$secret" --Gateway:Listen=localhost --Payments:IlpAddress=test.codius --Payments:MaxUnsettled=1000000 \
        --Payments:Connectors:load=0123456789abcdef-load --Payments:PerClient=1000000 --Payments:PerClientBurst=1000000 \
        --Payments:PerAccount=1000000 --Payments:PerAccountBurst=1000000 "${settings[@]}" \
        >"$side/gateway.log" 2>&1 & pids+=($!); server[$name]=$!
      until curl -fs --max-time 5 -o /dev/null "http://127.0.0.1:$management/health/ready"; do
        kill -0 "${server[$name]}" || { cat "$side/gateway.log" >&2; exit 1; }
        sleep 0.2
      done ;;
  esac
  if [ "$store" != node ] && [ "$store" != verifier ]; then
    if [ "$kind" = packets ]; then load credentials "$accounts" | load prepare "$side/all" "$count"
    else load receipts "$side/all" "$count" "$accounts" gateway >"$side/nonces"; fi
  fi
  url[$name]="http://localhost:$port"
  head -n 1 "$side/all" >"$side/first"
  sed -n "2,${warm}p" "$side/all" >"$side/warm"
  tail -n +$((warm + 1)) "$side/all" >"$side/run"
  load check "${url[$name]}" "$side/first" 2>"$side/check" || { cat "$side/check" >&2; exit 1; }
  [ "$store" = bare ] || [ "$kind" = receipts ] || grep -q Fulfill "$side/check" || { cat "$side/check" >&2; exit 1; }
}

# post NAME FILE: posts the lines in turn, once it is let go.
post() {
  rm -f "$work/$1/read"
  PACKETS=$work/$1/$2 READ=$work/$1/read PREPARED=$(wc -l <"$work/$1/$2") taskset -c 1 $under wrk -t1 -c"$connections" -d3600s \
    -s packets.lua "${url[$1]}" >"$work/$1/result" & driver[$1]=$!
  until [ -e "$work/$1/read" ]; do kill -0 "${driver[$1]}"; sleep 0.02; done
  kill -STOP "${driver[$1]}"
}

stop_posting() {
  kill -CONT "${driver[$1]}"
  # Not while it is stopped, and again if its other thread got the signal: else it does not end.
  while kill -INT "${driver[$1]}" 2>/dev/null; do sleep 0.2; done
  wait "${driver[$1]}" || true
  unset "driver[$1]"
}

# What is credited runs other methods than a repeat, so the payments are new, as long as there are any. Under full load on one core the
# compiler hardly runs, so it gets pauses.
warm_up() {
  local pulse
  post "$1" warm
  for ((pulse = 1; pulse <= pulses; pulse++)); do
    kill -CONT "${driver[$1]}"
    sleep 2
    kill -STOP "${driver[$1]}"
    sleep 1
  done
  stop_posting "$1"
  paid[$1]=$(awk -v most=$((warm - 1)) '/^sent/ { print $2 < most ? $2 : most }' "$work/$1/result")
}

used() { awk '{ print $14 + $15 }' "/proc/${server[$1]}/stat"; } # hundredths of a second of processor time, all threads

# Its wrk has read its payments, and the server got the first of them.
begin() {
  local before=$(used "$1")
  post "$1" run
  kill -CONT "${driver[$1]}"
  until [ $(($(used "$1") - before)) -ge 8 ]; do sleep 0.02; done
  kill -STOP "${driver[$1]}"
  sleep 0.5
  used_by[$1]=$(($(used "$1") - before)) active[$1]=0
}

piece() {
  local before=$(used "$1") start=$EPOCHREALTIME
  kill -CONT "${driver[$1]}"
  sleep 0.5
  kill -STOP "${driver[$1]}"
  active[$1]=$((active[$1] + ${EPOCHREALTIME/./} - ${start/./}))
  sleep 0.1 # what was under way
  used_by[$1]=$((used_by[$1] + $(used "$1") - before))
}

# end NAME: leaves its rates.
end() {
  local before=$(used "$1") start=$EPOCHREALTIME store=${1%-*} accounts=${1##*-} sent credited expected
  kill -CONT "${driver[$1]}"
  sleep 0.5
  active[$1]=$((active[$1] + ${EPOCHREALTIME/./} - ${start/./}))
  stop_posting "$1"
  used_by[$1]=$((used_by[$1] + $(used "$1") - before))
  sent=$(awk '/^sent/ { print $2 }' "$work/$1/result")
  if grep -q 'Non-2xx' "$work/$1/result"; then cat "$work/$1/result" >&2; exit 1; fi
  [ "$store" = bare ] || awk '/^sent/ && $2 + 64 > $4 { exit 1 }' "$work/$1/result" \
    || { echo "$1: more payments are needed: COUNT" >&2; exit 1; }
  awk -v n="$sent" -v used="${used_by[$1]}" 'BEGIN { print n * 100 / used }' >"$work/$1/busy"
  awk -v n="$sent" -v us="${active[$1]}" 'BEGIN { print n * 1000000 / us }' >"$work/$1/rate"
  case $store in redis | embedded)
    credited=$(load balances "${url[$1]}" "$accounts")
    expected=$(((1 + paid[$1] + sent) * 1000)) # or more: those in flight when wrk ended
    [ "$credited" -ge "$expected" ] || { echo "$1: credited $credited of $expected" >&2; exit 1; } ;;
  esac
}

for name in $servers; do start "$name"; warm_up "$name"; done
for name in $servers; do begin "$name"; done
for ((round = 1; round <= rounds; round++)); do
  for name in $(shuf -e -- $servers); do piece "$name"; done
done
for name in $servers; do end "$name"; done

ratio_to() { awk -v a="$(cat "$work/$1/busy")" -v b="$(cat "$work/$2/busy" 2>/dev/null)" 'BEGIN { if (b) printf "%.2f", a / b }'; }
echo "| $kind: server on one core, accounts | a second | per second of processor time | of bare | of Node | of the receipt verifier |"
echo "|---|---:|---:|---:|---:|---:|"
for name in $servers; do
  printf '| %s | %.0f | %.0f | %s | %s | %s |\n' "$name" "$(cat "$work/$name/rate")" "$(cat "$work/$name/busy")" \
    "$(ratio_to "$name" bare)" "$(ratio_to "$name" node-1)" "$(ratio_to "$name" verifier-1)"
done
