#!/usr/bin/env bash
# What a published change of an account costs each node of a Redis Cluster (three masters, three replicas): all of them get it.
set -euo pipefail
work=$(mktemp -d) count=${COUNT:-200000}
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
for tool in redis-server redis-cli redis-benchmark python3; do
  command -v "$tool" >/dev/null || { echo "hints.sh needs $tool" >&2; exit 2; }
done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

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

used() { awk '{ print $14 + $15 }' "/proc/$1/stat"; } # hundredths of a second
before=()
for pid in "${pids[@]}"; do before+=("$(used "$pid")"); done
redis-benchmark -p "${nodes[0]#*:}" -c 20 -P 16 -n "$count" -q publish codius:changed:hello x >"$work/result"
sleep 1
echo '| node | processor time a published change |'
echo '|---|---:|'
for i in 0 1 2 3 4 5; do
  role=$(redis-cli -p "${nodes[$i]#*:}" role | head -n1)
  awk -v t=$(($(used "${pids[$i]}") - before[i])) -v n="$count" -v role="$role" -v first="$i" \
    'BEGIN { printf "| %s%s | %.1f µs |\n", role, first == 0 ? ", which it was sent to" : "", t * 10000 / n }'
done
