#!/usr/bin/env bash
# Packets per second and core: our receiver behind /ilp, the Node receiver behind Node's http, and an endpoint that only reads and answers.
# The server has core 0, the client (wrk) core 1; each server is measured ROUNDS times in turn, the best round counts. Ratios are of packets
# per second of the server's processor time: that is stable on a shared machine, and for a server that the client cannot saturate.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-8} connections=${CONNECTIONS:-32}
work=$(mktemp -d)
server=
finish() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT

for tool in dotnet node wrk taskset; do command -v "$tool" >/dev/null || { echo "packets.sh needs $tool" >&2; exit 2; }; done
[ -d ../../tests/interop/node_modules ] || { echo "Run 'npm ci' in tests/interop first." >&2; exit 2; }
dotnet build -v q -c Release PacketLoad -o "$work/bin" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
load() { dotnet "$work/bin/PacketLoad.dll" "$@"; }
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" <<<"$2"; }

# start NAME: starts a server on core 0 and prepares packets for it; leaves $url.
start() {
  local name=$1 line
  rm -f "$work/in" "$work/out"; mkfifo "$work/in" "$work/out"
  case $name in
    node) taskset -c 0 env NODE_ENV=production node ../../tests/interop/stream-receiver.mjs \
      '{"package":"@interledger/stream-receiver","token":"0123456789abcdef-load","prefix":"test.load","asset":{"code":"XYZ","scale":9}}' \
      <"$work/in" >"$work/out" & ;;
    *) taskset -c 0 dotnet "$work/bin/PacketLoad.dll" serve "$name" <"$work/in" >"$work/out" & ;;
  esac
  server=$!
  exec 3>"$work/in" 4<"$work/out"
  read -r line <&4
  url="http://127.0.0.1:$(value port "$line")"
  if [ "$name" = node ]; then echo '{"make":{}}' >&3; read -r line <&4; fi
  load prepare "$work/packets" 2000 <<<"$line"
  load check "$url" "$work/packets" 2>"$work/check"
  [ "$name" = bare ] || grep -q Fulfill "$work/check" || { echo "$name does not fulfill: $(cat "$work/check")" >&2; exit 1; }
}

stop() { exec 3>&- 4<&-; kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; }

drive() { PACKETS="$work/packets" taskset -c 1 wrk -t1 -c"$connections" -d"$1s" -s packets.lua "$url"; }

# Hundredths of a second that the server has used the processor, all threads.
used() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

declare -A wall=([bare]=0 [receiver]=0 [node]=0)
declare -A best=([bare]=0 [receiver]=0 [node]=0)
for ((round = 1; round <= rounds; round++)); do
  for name in bare receiver node; do
    start "$name"
    drive 4 >/dev/null # warm
    before=$(used)
    drive "$seconds" >"$work/result"
    after=$(used)
    stop
    grep -q 'Non-2xx' "$work/result" && { cat "$work/result" >&2; exit 1; }
    rate=$(awk '/Requests\/sec/ { print int($2) }' "$work/result")
    busy=$(awk -v used=$((after - before)) '/requests in/ { print int($1 * 100 / used) }' "$work/result")
    echo "round $round  $name  $rate/s, $busy per second of processor time" >&2
    [ "$rate" -le "${wall[$name]}" ] || wall[$name]=$rate
    [ "$busy" -le "${best[$name]}" ] || best[$name]=$busy
  done
done

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
echo "| server on one core | packets/s | per second of processor time | |"
echo "|---|---:|---:|---|"
echo "| bare Kestrel POST endpoint | ${wall[bare]} | ${best[bare]} | |"
echo "| Interledger.Net receiver behind /ilp | ${wall[receiver]} | ${best[receiver]} |" \
  "$(ratio "${best[receiver]}" "${best[bare]}") of bare (goal 0.50) |"
echo "| @interledger/stream-receiver behind Node http | ${wall[node]} | ${best[node]} |" \
  "ours is $(ratio "${best[receiver]}" "${best[node]}") times it (goal 2.00) |"
