#!/usr/bin/env bash
# What many requests, event streams and apps cost one gateway; each part alone, the clients in a process of their own:
#   bench/load/bounds.sh waiting    requests held for one app that wakes late, and the same held by a bare Kestrel endpoint
#   bench/load/bounds.sh streams    event streams of one account, and of 1,000 accounts
#   bench/load/bounds.sh catalog    10, 1,000 and 100,000 apps on an API server in the same process, of a leading gateway and of another
#   APPS=100000 ROLES=follower WARM_UP=600 bench/load/bounds.sh catalog     idle is measured after so many seconds (150)
# COUNT=10000 requests or streams; a request that is answered has a connection of its own to the app: twice as many files are open.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?waiting, streams or catalog} count=${COUNT:-9800}
ulimit -n "$(ulimit -Hn)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${NO_BUILD:-}" ]; then
  dotnet build -v q --nologo -c Release bench/load/BoundsLoad >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
fi
load=$PWD/artifacts/bin/BoundsLoad/release/BoundsLoad
run() { "$load" "$@" >"$work/out" || { cat "$work/out" >&2; exit 1; }; grep -E '^(\||after|quiet|started|[0-9]+ open)' "$work/out"; }
case $what in
  waiting)
    echo "| requests | heap each | process each | idle: of a core | all answered after |"
    echo "|---:|---:|---:|---:|---:|"
    run waiting "$count" "$load"
    run bare "$count" "$load" ;;
  streams)
    echo "| streams | accounts | heap each | process each | idle: of a core | an event at all of them after |"
    echo "|---:|---:|---:|---:|---:|---:|"
    run streams "$count" 1 "$load"
    run streams "$count" 1000 "$load" ;;
  catalog)
    echo "| apps | gateway | a lookup | a change until it is seen, p50 | p95 | heap each | process each | idle: of a core |"
    echo "|---:|---|---:|---:|---:|---:|---:|---:|"
    # As in production the ledger is in a Redis, not in the gateway's process.
    port=${REDIS_PORT:-16379}
    redis-server --port "$port" --dir "$work" --appendonly yes --save '' --maxmemory 256mb \
      --maxmemory-policy noeviction >"$work/redis.log" & redis=$!
    trap 'kill $redis; wait $redis 2>/dev/null || true; rm -rf "$work"' EXIT
    for apps in ${APPS:-10 1000 100000}; do for role in ${ROLES:-leader follower}; do
      run catalog "$apps" "$role" "Redis:ConnectionString=127.0.0.1:$port"
    done; done ;;
  *) echo "bounds.sh waiting|streams|catalog" >&2; exit 2 ;;
esac
