#!/usr/bin/env bash
# Paid visits beside bare YARP, to a hundredth: the sides are driven in turns by h2load, a piece of half a second each in random order, and
# compared piece by piece, so that what else the machine does meets all of them alike. Markdown table lines.
#   bench/load/pairs.sh                                       the ledger is a redis-server; HTTP/1.1
#   PROTOCOL=h2 bench/load/pairs.sh                           HTTP/2 without TLS; PROTOCOL=tls: HTTP/1.1 over TLS
#   LEDGER=embedded bench/load/pairs.sh                       the ledger is the embedded Garnet; PRICE=0: the pipeline alone
#   BEFORE=../other/artifacts/bin bench/load/pairs.sh         another build of the gateway too: what a change costs
#   BIN=artifacts/bin bench/load/pairs.sh                     uses what was built before
# STARTS (3) times all sides are started anew and warmed up with WARM_UP (700000) requests, then driven ROUNDS (40) times with PIECE (15000)
# requests: what .NET's compiler makes of the same code differs from start to start by more than from piece to piece.
set -euo pipefail
cd "$(dirname "$0")"
price=${PRICE:-0.000000001} ledger=${LEDGER:-redis} protocol=${PROTOCOL:-http1} before=${BEFORE:-} apps=1 beside=''
results=$(mktemp -d)
. ./sides.sh
need dotnet curl python3 openssl h2load
choose_build "$results/build.log"

drive_all() {
  local driven=() side
  work=$(mktemp -d) pids=() sides=()
  trap finish EXIT
  start_redis_if_needed
  if [ -n "$before" ]; then
    before=$(cd "../../$before" 2>/dev/null && pwd || echo "$before")
    start_before
  fi
  start_gateway gateway Codius.Web
  start_yarp yarp
  for side in "${sides[@]}"; do driven+=("$side,${side_url[$side]},${side_host[$side]},${side_pids[$side]}"); done
  python3 pairs.py drive "$protocol" "${ROUNDS:-40}" "${PIECE:-15000}" "${WARM_UP:-700000}" "${driven[@]}" >>"$results/pieces"
}

for ((start = 1; start <= ${STARTS:-3}; start++)); do
  echo "start $start of ${STARTS:-3}" >&2
  (drive_all)
done
echo "Ledger: $ledger, price $price, $protocol; ${STARTS:-3} starts, ${ROUNDS:-40} rounds of ${PIECE:-15000} requests each."
echo
python3 pairs.py table "$results/pieces"
rm -rf "$results"
