#!/usr/bin/env bash
# Paid visits beside bare YARP and other proxies: one 1 KiB app behind all of them, driven in turns by wrk or h2load; Markdown table lines.
#   bench/load/run.sh                                     the ledger is the embedded Garnet
#   LEDGER=redis bench/load/run.sh                        the ledger is a redis-server of its own
#   PRICE=0 bench/load/run.sh                             the pipeline alone, without the ledger
#   PROTOCOL=h2 bench/load/run.sh                         HTTP/2 without TLS, by h2load; PROTOCOL=tls: HTTP/1.1 over TLS
#   APPS=1000 bench/load/run.sh                           as many apps, each a small nginx, visited in turns
#   BESIDE="nginx nginx-lua haproxy caddy node" bench/load/run.sh     these too; nginx-lua and node take a price by a Redis script
#   BEFORE=../other/artifacts/bin bench/load/run.sh       another build of the gateway too: what a change costs, in one run
#   BESIDE=yarp-plain bench/load/run.sh                   YARP without X-Forwarded headers too
#   BIN=artifacts/bin bench/load/run.sh                   uses what was built before
# Each side is first driven until two pieces of 3 s in a row differ by less than 3 % and .NET's compiler takes less than 2 % of a core in
# both, for 15 s at least: it compiles hot methods anew while they run. Then rounds in turns, each beginning with another side; the table
# has medians, and the span of the rates.
# Processor time is that of a proxy's own processes; Redis' is in a column of its own.
set -euo pipefail
cd "$(dirname "$0")"
price=${PRICE:-0.000000001} rounds=${ROUNDS:-7} seconds=${SECONDS_EACH:-6} warm_least=${WARM_UP:-15} warm_most=${WARM_UP_MOST:-90}
connections=${CONNECTIONS:-64} ledger=${LEDGER:-embedded} protocol=${PROTOCOL:-http1} apps=${APPS:-1} beside=${BESIDE:-} before=${BEFORE:-}
work=$(mktemp -d)
pids=()
. ./sides.sh
. ./measure.sh
trap finish EXIT

need dotnet curl python3 wrk openssl
[ "$protocol" != h2 ] || need h2load
[ "$apps" = 1 ] || need nginx
choose_build "$work/build.log"

start_redis_if_needed
if [ -n "$before" ]; then
  before=$(cd "../../$before" 2>/dev/null && pwd || echo "$before")
  start_before
fi
start_gateway gateway Codius.Web
start_yarp yarp
for other in $beside; do start_beside "$other"; done

for side in "${sides[@]}"; do warm_up "$side"; done
for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds" >&2
  for side in "${sides[@]}"; do measure "$side"; done
  sides=("${sides[@]:1}" "${sides[0]}")
done
write_table
