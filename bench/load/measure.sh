# Sourced by run.sh: drives the sides, reads what they used, and writes the table.

# Hundredths of a second of processor time of these processes, all threads.
used() { local pid; for pid; do cat "/proc/$pid/stat" 2>/dev/null || true; done | awk '{ sum += $14 + $15 } END { print sum + 0 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { printf "%s\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# The gateway's visits so far by how they ended, and what it has warned of.
outcomes() {
  curl -fs -H "Authorization: Bearer $admin_token" "http://127.0.0.1:$management_port/metrics" | grep ^codius_visits_total || true
  grep -A 1 -E '^(warn|fail|crit):' "$work/gateway.log" || true
}

failed() { # failed SIDE: what wrk or h2load says, and how the gateway's visits ended meanwhile
  cat "$work/result" >&2
  [ "$1" != gateway ] || { sleep 1.5; outcomes >&2; } # metrics are cached for a moment
}

# drive SIDE SECONDS: requests per second, p50 and p99 in microseconds, and the number of requests.
drive() {
  local url=${side_url[$1]} host=${side_host[$1]}
  if [ "$protocol" = h2 ]; then
    h2load -D "$2" -t 2 -c 16 -m $((connections / 16)) --connect-to="127.0.0.1:${url##*:}" --log-file="$work/h2.log" \
      "http://$host/" >"$work/result"
    grep -q ' 0 failed, 0 errored' "$work/result" && grep -q ' 0 3xx, 0 4xx, 0 5xx' "$work/result" || { failed "$1"; return 1; }
    local n; n=$(wc -l <"$work/h2.log")
    cut -f3 "$work/h2.log" | sort -n >"$work/h2.sorted"
    echo "$(awk '/^finished in/ { print $4 }' "$work/result") $(sed -n "$((n / 2))p" "$work/h2.sorted")" \
      "$(sed -n "$((n * 99 / 100))p" "$work/h2.sorted") $n"
    rm -f "$work/h2.log"
    return
  fi
  local script=()
  [ "$apps" = 1 ] || script=(-s "$work/hosts.lua")
  wrk -t2 -c"$connections" -d"${2}s" --latency -H "Host: $host" "${script[@]}" "$url/" >"$work/result"
  if grep -q Non-2xx "$work/result"; then failed "$1"; return 1; fi
  if grep 'Socket errors' "$work/result" | grep -qv 'connect 0, read 0, write 0,'; then failed "$1"; return 1; fi
  awk 'function micro(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1000 : t * 1000000 }
    $1 == "50%" { p50 = micro($2) } $1 == "99%" { p99 = micro($2) } /requests in/ { n = $1 } /^Requests\/sec/ { rate = $2 }
    END { print rate, p50, p99, n }' "$work/result"
}

unsteady=''

# Hundredths of a second that .NET's compiler took in these processes, by thread: it ends when there is nothing left, and begins anew.
compiled() {
  local pid
  for pid; do cat "/proc/$pid/task/"*/stat 2>/dev/null || true; done |
    awk '/\(\.NET Tiered Com\)/ { id = $1; sub(/.*\)/, ""); split($0, at, " "); print id ":" at[12] + at[13] }'
}

# More of them between two of those outputs.
compiled_between() {
  awk -v before="$1" -v after="$2" 'BEGIN {
    n = split(before, each, /[ \n]+/); for (i = 1; i <= n; i++) if (split(each[i], at, ":") == 2) known[at[1]] = at[2]
    n = split(after, each, /[ \n]+/); for (i = 1; i <= n; i++) if (split(each[i], at, ":") == 2) sum += at[2] - known[at[1]]
    print sum + 0 }'
}

# Until two in a row differ by less than 3 %, and the compiler took less than 2 % of a core in both.
warm_up() {
  local before=0 now spent=0 started compiling compiling_before=100
  while [ $spent -lt "$warm_most" ]; do
    started=$(compiled ${side_pids[$1]})
    now=$(drive "$1" 3 | cut -d' ' -f1)
    compiling=$(compiled_between "$started" "$(compiled ${side_pids[$1]})")
    spent=$((spent + 3))
    echo "  warming up $1: $now requests/s, the compiler took ${compiling}0 ms" >&2
    if [ $spent -ge "$warm_least" ] && [ "$compiling" -lt 6 ] && [ "$compiling_before" -lt 6 ] \
      && awk -v a="$before" -v b="$now" 'BEGIN { exit !(a > b * 0.97 && a < b * 1.03) }'; then return; fi
    before=$now compiling_before=$compiling
  done
  unsteady+=", $1"
}

# counted SIDE: bytes allocated, scripts run in the ledger, and visits so far; zeros where a side has no such counter.
counted() {
  case $1 in
    gateway|before) curl -fs -H "Authorization: Bearer $admin_token" "http://127.0.0.1:${side_control[$1]}/metrics" | awk '
      /^dotnet_gc_heap_total_allocated/ { bytes = $NF }
      /^codius_ledger_calls_total/ { calls += $NF }
      /^codius_visits_total/ { visits += $NF }
      END { printf "%.0f %.0f %.0f\n", bytes, calls, visits }' ;;
    yarp*) echo "$(curl -fs "http://127.0.0.1:${side_control[$1]}/" | cut -d' ' -f2) 0 0" ;;
    *) echo 0 0 0 ;;
  esac
}

# Each side rests, is counted, and is driven for a second that is not measured, alike: the second begins with threads that were parked and
# with what else ran meanwhile in the processor's caches, and cost the side that alone was counted a tenth of its throughput.
measure() {
  local rate p50 p99 n again cpu0 cpu1 redis0 redis1 bytes0 bytes1 calls0 calls1 visits0 visits1
  sleep 1.5 # the gateway's metrics are cached for a moment, and the last visits are settled
  read -r bytes0 calls0 visits0 <<<"$(counted "$1")"
  read -r _ _ _ again <<<"$(drive "$1" 1)"
  cpu0=$(used ${side_pids[$1]}) redis0=$(used $redis_pid)
  read -r rate p50 p99 n <<<"$(drive "$1" "$seconds")"
  [ -n "${n:-}" ] || exit 1
  cpu1=$(used ${side_pids[$1]}) redis1=$(used $redis_pid)
  sleep 1.5
  read -r bytes1 calls1 visits1 <<<"$(counted "$1")"
  echo "$rate" >>"$work/$1.rate"; echo "$p50" >>"$work/$1.p50"; echo "$p99" >>"$work/$1.p99"
  awk -v t=$((cpu1 - cpu0)) -v n="$n" 'BEGIN { print t * 10000 / n }' >>"$work/$1.cpu"
  awk -v t=$((redis1 - redis0)) -v n="$n" 'BEGIN { print t * 10000 / n }' >>"$work/$1.redis"
  awk -v b=$((bytes1 - bytes0)) -v n=$((n + again)) 'BEGIN { print b / n }' >>"$work/$1.bytes"
  awk -v c=$((calls1 - calls0)) -v v=$((visits1 - visits0)) 'BEGIN { print v ? c / v : 0 }' >>"$work/$1.scripts"
  echo "  $1: $rate requests/s, p99 $p99 µs, $(tail -n1 "$work/$1.cpu") µs, $(tail -n1 "$work/$1.bytes") B," \
    "$(tail -n1 "$work/$1.scripts") scripts" >&2
}

of() { median <"$work/$1"; }
span() { sort -n "$work/$1" | awk 'NR == 1 { low = $1 } END { printf "%.0f to %.0f", low, $1 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }

write_table() {
  local side order
  order=$(for side in "${sides[@]}"; do echo "$side"; done | sort -r | grep -v -e '^yarp$' -e '^gateway$' | tac || true)
  echo "Medians of $rounds rounds of $seconds s; ledger: $ledger, price $price, $protocol, $apps app(s), $connections at a time." \
    "${unsteady:+Not steady after $warm_most s: ${unsteady#, }.}"
  echo
  echo '| | requests/s (lowest to highest) | beside YARP | p50 | p99 | beside YARP | processor time a request | beside YARP |' \
    'Redis besides | allocated | scripts a visit |'
  echo '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|'
  for side in yarp gateway $order; do
    awk -v name="${side_name[$side]}" -v rate="$(of "$side.rate")" -v span="$(span "$side.rate")" -v p50="$(of "$side.p50")" \
      -v p99="$(of "$side.p99")" -v cpu="$(of "$side.cpu")" -v redis="$(of "$side.redis")" -v bytes="$(of "$side.bytes")" \
      -v scripts="$(of "$side.scripts")" -v r1="$(ratio "$(of "$side.rate")" "$(of yarp.rate)")" \
      -v r2="$(ratio "$(of "$side.p99")" "$(of yarp.p99)")" -v r3="$(ratio "$(of "$side.cpu")" "$(of yarp.cpu)")" 'BEGIN {
      printf "| %s | %.0f (%s) | %s | %.1f ms | %.1f ms | %s | %.1f µs | %s | %s | %s | %s |\n",
        name, rate, span, r1, p50 / 1000, p99 / 1000, r2, cpu, r3,
        (redis > 0.05 ? sprintf("%.1f µs", redis) : ""), (bytes > 0 ? sprintf("%.0f B", bytes) : ""),
        (name ~ /Codius|gateway/ ? sprintf("%.4f", scripts) : "") }'
  done
}
