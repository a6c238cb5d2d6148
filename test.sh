#!/usr/bin/env bash
# Sets up what the tests need, builds everything once, runs every suite and ends with the sum of all.
#
#   ./test.sh              all suites; tests that need a Kubernetes are skipped, with the reason
#   ./test.sh --cluster    starts a real one-node Kubernetes first (tests/cluster, Debian as root) and runs those too
#
# With CODIUS_TEST_KUBECONFIG set, the tests use that cluster instead of starting one.
# Missing programs are installed where that is possible: on Debian, as root.
set -euo pipefail
cd "$(dirname "$0")"

cluster=false
for argument in "$@"; do
  case $argument in
    --cluster) cluster=true ;;
    *) sed -n '2,8p' "$0"; exit 2 ;;
  esac
done

log() { echo "test.sh: $*"; }

# need COMMAND PACKAGE: a program that tests use.
need() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then missing+=("$2")
  else log "$1 is missing: install $2 (tests that need it are skipped)"; fi
}
missing=()
need redis-server redis-server
need prometheus prometheus
need chromium chromium
need node nodejs
need npm npm
need ip iproute2
if [ ${#missing[@]} -gt 0 ]; then
  log "installing ${missing[*]}"
  apt-get update -qq >/dev/null
  # Tests start their own Redis and Prometheus on free ports: Debian must start neither, least of all on 9090, the gateway's own port.
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && policy= || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
  installed=0
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || installed=$?
  [ -z "$policy" ] || rm -f "$policy"
  [ "$installed" = 0 ] || exit "$installed"
fi

if command -v npm >/dev/null; then
  for folder in tests/*/package-lock.json; do
    folder=$(dirname "$folder")
    if [ -d "$folder" ] && ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
      log "npm ci in $folder"
      (cd "$folder" && npm ci --no-audit --no-fund --silent && cp package-lock.json node_modules/.installed)
    fi
  done
fi

log "building"
# Locked: the tested build uses exactly the packages of the lock files.
dotnet build Codius.Web.sln -c Release -v quiet --nologo -p:RestoreLockedMode=true

if $cluster && [ -z "${CODIUS_TEST_KUBECONFIG:-}" ]; then
  tests/cluster/cluster up
  trap 'tests/cluster/cluster down' EXIT
  tests/cluster/images
  CODIUS_TEST_KUBECONFIG=$(tests/cluster/cluster kubeconfig)
  export CODIUS_TEST_KUBECONFIG
fi

passed=0 failed=0 skipped=0
failures=()
for project in tests/*Tests/*.csproj; do
  suite=$(basename "$project" .csproj)
  log "running $suite"
  log=$(mktemp)
  "artifacts/bin/$suite/release/$suite" -noColor 2>&1 | tee "$log" | grep -vE '^ +(Discover|Start|Finish)' || true
  # "   Suite  Total: 50, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.159s"; a suite that died has none.
  if summary=$(grep -E "^ +$suite +Total: [0-9]+, Errors: " "$log"); then
    read -r total errors fails skips notrun <<<"$(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/' <<<"$summary")"
    passed=$((passed + total - errors - fails - skips - notrun)) failed=$((failed + errors + fails)) skipped=$((skipped + skips + notrun))
  else
    log "$suite ended without a summary"
    failed=$((failed + 1)) failures+=("$suite")
  fi
  mapfile -t -O "${#failures[@]}" failures < <(sed -nE 's/^ +(.*) \[FAIL\]$/\1/p' "$log")
  rm -f "$log"
done

# Repeated at the end of a long log, where they are found.
[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
