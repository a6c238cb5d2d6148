#!/usr/bin/env bash
# What the ledger costs Redis by itself: a credited packet (its script, alone in a batch) in a redis-server, and a published change of an
# account in each node of a Redis Cluster (three masters, three replicas), since all of them get it, and the leader from one. Markdown
# table lines.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d) count=${COUNT:-100000}
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
for tool in redis-server redis-cli redis-benchmark python3; do
  command -v "$tool" >/dev/null || { echo "store.sh needs $tool" >&2; exit 2; }
done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

used() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # hundredths of a second
each() { awk -v t="$1" -v n="$count" -v what="$2" 'BEGIN { printf "| %s | %.1f µs |\n", what, t * 10000 / n }'; }

port=$(free_port)
mkdir "$work/single"
redis-server --port "$port" --bind 127.0.0.1 --dir "$work/single" --appendonly yes --save '' >"$work/single.log" & pids+=($!); single=$!
until redis-cli -p "$port" ping >"$work/ping" 2>&1; do sleep 0.1; done
scripts=../../src/Codius.Web/Balances/Scripts
for part in amounts books account statement incoming incoming-credit; do cat "$scripts/$part.lua"; done >"$work/credit.lua"
{ echo 'readAccount()'; cat "$scripts/credit.lua"; } >>"$work/credit.lua"
hash=$(redis-cli -p "$port" -x script load <"$work/credit.lua")
later=$((($(date +%s) + 240) * 1000))
credit() { # credit PROGRAM...: one packet of 10 units
  "$@" evalsha "$hash" 5 'codius:{bench}' 'codius:{bench}:packet:__rand_int__' 'codius:{bench}:hours' 'codius:{bench}:days' \
    'codius:{bench}:entries' 0 1000 86400000 86400000 packet 10 $later $later 'a connection' 0 0 0
}
credit redis-cli -p "$port" >"$work/credited"
grep -q credited "$work/credited" || { cat "$work/credited" >&2; exit 1; }
before=$(used $single)
credit redis-benchmark -p "$port" -c 20 -P 4 -n "$count" -r 2000000000 -q >"$work/result"
credited=$(redis-cli -p "$port" hget 'codius:{bench}' credited)
[ "$credited" -ge $((count * 10 - count / 10)) ] || { echo "only $credited units were credited" >&2; exit 1; }
echo '| in Redis | processor time |'
echo '|---|---:|'
each $(($(used $single) - before)) 'a credited packet'

nodes=()
for i in 1 2 3 4 5 6; do
  port=$(free_port) bus=$(free_port)
  mkdir "$work/$i"
  redis-server --port "$port" --bind 127.0.0.1 --cluster-enabled yes --cluster-port "$bus" --dir "$work/$i" --appendonly yes --save '' \
    >"$work/$i.log" & pids+=($!)
  nodes+=("127.0.0.1:$port")
done
for node in "${nodes[@]}"; do until redis-cli -p "${node#*:}" ping >"$work/ping" 2>&1; do sleep 0.1; done; done
redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >"$work/create.log"
sleep 3 # the nodes tell each other, and the replicas load

first=${#pids[@]} before=()
# As the gateway that leads: it gets all changes, from one of the nodes.
redis-cli -p "${nodes[1]#*:}" psubscribe 'codius:changed:*' >"$work/heard" & leader=$!
until grep -q psubscribe "$work/heard"; do sleep 0.1; done
for pid in "${pids[@]}"; do before+=("$(used "$pid")"); done
pids+=($leader)
redis-benchmark -p "${nodes[0]#*:}" -c 20 -P 16 -n "$count" -q publish codius:changed:hello x >"$work/result"
sleep 1
[ "$(grep -c '^codius:changed:hello' "$work/heard")" = "$count" ] || { echo 'the leader did not hear of each' >&2; exit 1; }
for i in 0 1 2 3 4 5; do
  role=$(redis-cli -p "${nodes[$i]#*:}" role | head -n1) at=$((first - 6 + i))
  part=''
  [ $i != 0 ] || part=', sent to it'
  [ $i != 1 ] || part=', the leader listens there'
  each $(($(used "${pids[$at]}") - before[at])) "a published change, at node $((i + 1)) of the cluster ($role$part)"
done
