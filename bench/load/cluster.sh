#!/usr/bin/env bash
# On the one-node Kubernetes of tests/cluster (Debian as root), with a gateway in a process outside of it and a redis-server of its own:
#   bench/load/cluster.sh wakes    a visit that wakes an app, in turns with the same pod scaled up without a gateway; p95 of 20
#   bench/load/cluster.sh names    lookups, changes and memory at 10 names and at 1,000 names over 200 hashes
# A running cluster is used and kept; without one it starts one and stops it again.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?wakes or names} rounds=${ROUNDS:-20}
cluster=tests/cluster/cluster
work=$(mktemp -d)
redis= started=false
clear_apps() {
  kubectl delete services.core.codius.org --all --ignore-not-found >/dev/null 2>&1 || true
  kubectl delete deployments,services,secrets -n codius-apps -l codius.org/service >/dev/null 2>&1 || true
  kubectl delete deployment,service bare -n codius-apps >/dev/null 2>&1 || true
}
finish() {
  clear_apps
  [ -z "$redis" ] || { kill "$redis" 2>/dev/null; wait "$redis" 2>/dev/null || true; }
  ! $started || $cluster down
  rm -rf "$work"
}
trap finish EXIT

dotnet build -v q --nologo -c Release bench/load/ClusterLoad >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
KUBECONFIG=$($cluster kubeconfig)
export KUBECONFIG
if ! [ -e "$KUBECONFIG" ]; then
  started=true
  $cluster up
  tests/cluster/images
fi
kubectl apply -f deploy/base/crd.yaml -f deploy/base/namespaces.yaml >/dev/null
kubectl wait --for=condition=Established crd/services.core.codius.org --timeout=60s >/dev/null
clear_apps
redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work" --appendonly yes --save '' >"$work/redis.log" & redis=$!
until [ -S "$work/redis.sock" ]; do sleep 0.1; done
# What the gateway itself writes is only of interest if something goes wrong.
artifacts/bin/ClusterLoad/release/ClusterLoad "$what" "$KUBECONFIG" "$work/redis.sock" "$rounds" \
  >"$work/out" || { cat "$work/out" >&2; exit 1; }
grep -E '^(\||p95|memory)' "$work/out"
