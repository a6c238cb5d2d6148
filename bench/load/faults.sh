#!/usr/bin/env bash
# Every fault of docs/reliability.md on two gateways and a redis-server under load, each for 20 seconds; writes the page's tables.
#   bench/load/faults.sh                      about eight minutes
#   FAULT_SECONDS=300 ROUNDS=5 bench/load/faults.sh
# The programs that it starts end with it. It fails, and leaves the page as it is, if a unit is not accounted for, or visits get errors for
# too long: times are bounded only here, so let the machine do nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-1}
export CODIUS_FAULT_SECONDS=${FAULT_SECONDS:-20} CODIUS_WRITE_DOCS=1
for tool in dotnet redis-server prlimit; do
  command -v "$tool" >/dev/null || { echo "faults.sh needs $tool" >&2; exit 2; }
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
suite=tests/Codius.Web.JourneyTests
dotnet build -v q -c Release "$suite" >"$log" || { cat "$log" >&2; exit 1; }
for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds" >&2
  artifacts/bin/Codius.Web.JourneyTests/release/Codius.Web.JourneyTests -noColor -showLiveOutput -class '*FaultTests' \
    -method '*.Every_unit_is_accounted_for*' | sed -uE 's/^.*\[OUTPUT\] //'
done
echo "docs/reliability.md has the tables of the last round" >&2
