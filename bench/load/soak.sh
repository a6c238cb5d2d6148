#!/usr/bin/env bash
# Hostile clients at every endpoint beside honest visitors and payers: what the honest ones see, and whether memory and Redis stay flat.
#   bench/load/soak.sh                    two minutes of honest clients alone, then thirty minutes beside strangers
#   MINUTES=5 STRANGERS=200 bench/load/soak.sh
# Strangers come from 1,000 addresses of 127.1.0.0/16, honest clients from 50 of 127.2.0.0/16; all share the machine's cores with the
# gateway.
set -euo pipefail
cd "$(dirname "$0")"
minutes=${MINUTES:-30} quiet=${QUIET_SECONDS:-120} visits=${VISITS:-100} payments=${PAYMENTS:-0.2}
strangers=${STRANGERS:-100} slow=${SLOW:-200}
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

for tool in dotnet redis-server redis-cli curl openssl; do
  command -v "$tool" >/dev/null || { echo "soak.sh needs $tool" >&2; exit 2; }
done
for project in ../../src/Codius.Web VisitLoad SoakLoad; do
  dotnet build -v q -c Release "$project" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
done
bin=$(cd ../../artifacts/bin && pwd)
codius=$bin/Codius.Web/release/Codius.Web.dll visit=$bin/VisitLoad/release/VisitLoad.dll load=$bin/SoakLoad/release/SoakLoad.dll

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) management_port=$(free_port) redis_port=$(free_port)
host=localhost:$port
redis() { redis-cli -p "$redis_port" "$@"; }
redis-server --port "$redis_port" --dir "$work" --appendonly yes --save '' --maxmemory 256mb --maxmemory-policy noeviction \
  >"$work/redis.log" & pids+=($!)
dotnet "$codius" --environment=Development "--Gateway:DataFolder=$work/data" \
  "--Gateway:Port=$port" "--Gateway:ManagementPort=$management_port" "--Host:PublicUrl=http://$host" \
  "--Redis:ConnectionString=127.0.0.1:$redis_port" --Sandbox:StartingBalance=1000 \
  --Apps:Processes:Images:hello:Command=dotnet "--Apps:Processes:Images:hello:Args:0=$visit" \
  --Apps:Processes:Images:hello:Args:1=app >"$work/gateway.log" 2>&1 & pids+=($!); gateway=$!

for ((tries = 0; tries < 300; tries++)); do
  curl -fs -o /dev/null "http://127.0.0.1:$management_port/health/ready" && break
  sleep 0.2
done
pay() { # pay POINTER AMOUNT: through the sandbox wallet
  curl -fs -o /dev/null -H "Host: wallet.$host" -H "Origin: http://wallet.$host" \
    --data-urlencode "pointer=$1" -d "amount=$2" -d per=once "http://127.0.0.1:$port/pay"
}
pay "\$hello.$host" 100
# An app that nobody pays: strangers visit it.
token=$(openssl rand -hex 32)
account=t-$(printf %s "$token" | openssl dgst -sha256 -binary | base32 | tr -d = | tr A-Z a-z)
pay "\$$host/pay/$account" 1
for ((tries = 0; tries < 300; tries++)); do
  curl -fs -o /dev/null -X PUT "http://127.0.0.1:$port/services/poor" -H "Host: $host" -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' -d '{"spec":{"port":8080,"containers":[{"name":"app","image":"hello"}]}}' && break
  sleep 0.2
done

resident() { awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$gateway/status"; }
sample() { # sample LABEL
  echo "| $1 | $(resident) MiB | $(redis info memory | awk -F: '/^used_memory:/ { printf "%.1f", $2 / 1048576 }') MiB |" \
    "$(redis dbsize) |"
}
credited() { redis hget "codius:{hello}" credited; }
# In a process each: what making strangers' requests costs is not among the times that honest clients see.
honest() { dotnet "$load" "http://$host" "$visits" "$payments" 0 0 "$1"; }
hostile() { dotnet "$load" "http://$host" 0 0 "$strangers" "$slow" "$1"; }

honest 15 >"$work/warm"
honest "$quiet" >"$work/quiet"
sample "before" >"$work/samples"
before=$(credited)
honest $((minutes * 60)) >"$work/honest" & honest=$!
hostile $((minutes * 60)) >"$work/hostile" & hostile=$!
for ((minute = 1; minute <= minutes; minute++)); do
  sleep 60
  if ((minute == 1 || minute % 5 == 0 || minute == minutes)); then sample "after $minute min" | tee -a "$work/samples" >&2; fi
done
wait "$honest" "$hostile"
after=$(credited)
sleep 60
sample "a minute after they left" >>"$work/samples"

echo "| honest clients | visits | failed | p50 | p99 | payments | refused |"
echo "|---|---:|---:|---:|---:|---:|---:|"
row() { awk -F'\t' -v name="$1" 'NR == 1 { print "| " name " | " $1 " | " $2 " | " $3 " ms | " $4 " ms | " $5 " | " $6 " |" }' "$2"; }
row alone "$work/quiet"
row "beside $strangers requests a second and $slow slow connections of strangers" "$work/honest"
echo
echo "Credited meanwhile: $((after - before)) units."
echo
echo "| | gateway's memory | Redis' memory | its keys |"
echo "|---|---:|---:|---:|"
cat "$work/samples"
echo
echo "| strangers' requests | answers |"
echo "|---|---|"
awk -F'\t' 'NR > 1 { print "| " $1 " | " $2 " |" }' "$work/hostile"
