# Sourced by run.sh and pairs.sh: starts what is measured, and ends it. Each side has a name, a URL, a Host header and its own pids.
declare -A side_name side_url side_host side_pids side_control
sides=()
redis_pid='' redis_port='' admin_token=$(openssl rand -hex 16)

finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}

need() { for tool; do command -v "$tool" >/dev/null || { echo "${0##*/} needs $tool" >&2; exit 2; }; done; }

choose_build() { # choose_build LOG: what is in BIN, or is built now
  if [ -n "${BIN:-}" ]; then
    bin=$(cd "../../$BIN" 2>/dev/null && pwd || echo "$BIN")
  else
    local project
    for project in ../../src/Codius.Web VisitLoad; do
      dotnet build -v q -c Release "$project" >"$1" || { cat "$1" >&2; exit 1; }
    done
    bin=$(cd ../../artifacts/bin && pwd)
  fi
  load=$bin/VisitLoad/release/VisitLoad.dll
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

until_ok() { # until_ok SECONDS curl-arguments...
  local end=$((SECONDS + $1)); shift
  until curl -kfs -o /dev/null --max-time 30 "$@"; do
    [ $SECONDS -lt $end ] || { tail -n 40 "$work"/*.log >&2; echo "no good answer: $*" >&2; curl -ksi --max-time 5 "$@" >&2; exit 1; }
    sleep 0.2
  done
}

add_side() { # add_side SIDE NAME PORT HOST PIDS
  sides+=("$1")
  local scheme=http
  [ "$protocol" != tls ] || scheme=https
  side_name[$1]=$2 side_url[$1]=$scheme://127.0.0.1:$3 side_host[$1]=$4 side_pids[$1]=$5
  local version=()
  [ "$protocol" != h2 ] || version=(--http2-prior-knowledge)
  until_ok 60 "${version[@]}" -H "Host: $4" "${side_url[$1]}/"
}

start_redis_if_needed() {
  [ "$ledger" = redis ] || [[ " $beside " = *" nginx-lua "* ]] || [[ " $beside " = *" node "* ]] || return 0
  need redis-server redis-cli
  redis_port=$(free_port)
  redis-server --port "$redis_port" --dir "$work" --appendonly yes --save '' --maxmemory 1gb --maxmemory-policy noeviction \
    >"$work/redis.log" &
  redis_pid=$! pids+=($!)
}

# The gateway starts the app as a process of its own, when the first paid visit wakes it. A unit a request, so that a purse lasts.
start_gateway() { # start_gateway SIDE NAME
  port=$(free_port) management_port=$(free_port) host=localhost:$port public=http
  local http2_port extra=()
  [ "$ledger" != redis ] || extra+=("--Redis:ConnectionString=127.0.0.1:$redis_port,defaultDatabase=${redis_database:-0}")
  if [ "$protocol" = h2 ]; then http2_port=$(free_port); extra+=("--Gateway:Http2Port=$http2_port"); fi
  if [ "$apps" = 1 ]; then
    extra+=(--Apps:Processes:Images:hello:Command=dotnet "--Apps:Processes:Images:hello:Args:0=$load"
      --Apps:Processes:Images:hello:Args:1=app)
  else
    mkdir "$work/apps"
    small_app >"$work/small-app.sh"
    extra+=(--Apps:Processes:Images:hello:Command=sh "--Apps:Processes:Images:hello:Args:0=$work/small-app.sh")
  fi
  launch_gateway "${extra[@]}"
  pay "\$hello.$host" 1
  [ "$apps" = 1 ] || deploy_apps
  if [ "$protocol" = tls ]; then # the sandbox wallet pays without TLS, so before
    end_gateway
    public=https
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
      -addext 'subjectAltName=DNS:localhost,DNS:*.localhost' -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
    launch_gateway "${extra[@]}" "--Gateway:CertificateFile=$work/cert.pem" "--Gateway:CertificateKeyFile=$work/key.pem"
  fi
  until_ok 60 -H "Host: hello.$host" "$public://127.0.0.1:$port/"
  [ "$apps" = 1 ] || wake_apps
  app_port=$(tr '\0' '\n' <"/proc/$(pgrep -P "$gateway" | head -n1)/environ" | sed -n 's/^PORT=//p')
  side_control[$1]=$management_port
  add_side "$1" "$2" "${http2_port:-$port}" "hello.$host" "$gateway"
}

# The gateway of another build, with an app, a data folder and a ledger of its own.
start_before() {
  local bin=$before work=$work/before redis_database=1 port management_port host public gateway app_port
  mkdir "$work"
  start_gateway before 'the gateway before'
}

launch_gateway() { # launch_gateway SETTINGS...
  dotnet "$bin/Codius.Web/release/Codius.Web.dll" --environment=Development "--Gateway:DataFolder=$work/data" \
    "--Gateway:Port=$port" "--Gateway:ManagementPort=$management_port" "--Host:PublicUrl=$public://$host" "--Admin:Token=$admin_token" \
    --Visits:PerClient:PerSecond=1000000 --Visits:PerClient:Burst=10000000 "--Prices:PerRequest=$price" \
    --Gateway:PerClient=100000 --Gateway:PerClientBurst=100000 --Sleeping:IdleAfter=12:00:00 --Sandbox:StartingBalance=100000 \
    --Payments:PerClient=100000 --Payments:PerClientBurst=100000 \
    "$@" >"$work/gateway.log" 2>&1 &
  gateway=$!
  pids+=("$gateway")
  until_ok 60 "http://127.0.0.1:$management_port/health/ready"
}

end_gateway() {
  kill "$gateway"
  wait "$gateway" || true
  unset 'pids[-1]' # nothing was started after it
}

pay() { # pay POINTER AMOUNT: through the sandbox wallet
  curl -fs -o /dev/null -H "Host: wallet.$host" -H "Origin: http://wallet.$host" --data-urlencode "pointer=$1" -d "amount=$2" \
    -d per=once "http://127.0.0.1:$port/pay" || { echo "the sandbox wallet did not pay $1" >&2; tail "$work/gateway.log" >&2; exit 1; }
}

# All sides use the app that the gateway started. In the gateway's environment, Development, ASP.NET Core adds its page for exceptions.
start_yarp() { # start_yarp yarp|yarp-plain
  local yarp_port target=http://127.0.0.1:$app_port/ forwarded=yes name='bare YARP'
  yarp_port=$(free_port) side_control[$1]=$(free_port)
  [ "$apps" = 1 ] || target=$work/apps.txt
  [ "$1" != yarp-plain ] || { forwarded=no; name='bare YARP without X-Forwarded headers'; }
  ASPNETCORE_ENVIRONMENT=Development PORT=$yarp_port CONTROL_PORT=${side_control[$1]} PROTOCOL=$protocol FORWARDED=$forwarded \
    CERTIFICATE=$work/cert.pem CERTIFICATE_KEY=$work/key.pem dotnet "$load" yarp "$target" \
    >"$work/$1.log" 2>&1 &
  pids+=($!)
  add_side "$1" "$name" "$yarp_port" "hello.$host" $!
}

# A web server that costs 3 MB; the gateway's own PORT is in its environment.
small_app() {
  cat <<EOF
cat >$work/apps/\$PORT.conf <<CONFIG
daemon off; master_process off; pid $work/apps/\$PORT.pid; error_log stderr crit; worker_rlimit_nofile 1024;
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path $work/apps; proxy_temp_path $work/apps; fastcgi_temp_path $work/apps; uwsgi_temp_path $work/apps;
  scgi_temp_path $work/apps;
  server { listen 127.0.0.1:\$PORT; location / { default_type text/plain; return 200 "$(printf 'x%.0s' {1..1024})"; } }
}
CONFIG
exec nginx -e stderr -c $work/apps/\$PORT.conf
EOF
}

# Deploys and pays a1 ... aN, ten for each owner: no more than one may have awake, or may deploy at once. Each has a manifest of its own,
# since apps of one hash share a process.
deploy_apps() {
  local i token account
  for ((i = 1; i <= apps; i++)); do
    if [ $((i % 10)) -eq 1 ]; then
      token=$(openssl rand -hex 32)
      account=t-$(printf %s "$token" | openssl dgst -sha256 -binary | base32 | tr -d = | tr A-Z a-z)
      pay "\$$host/pay/$account" 1
    fi
    until_ok 30 -X PUT "http://127.0.0.1:$port/services/a$i" -H "Host: $host" -H "Authorization: Bearer $token" \
      -H 'Content-Type: application/json' \
      -d '{"spec":{"port":8080,"containers":[{"name":"a'$i'","image":"hello"}]}}'
    pay "\$a$i.$host" 1
    [ $((i % 100)) -ne 0 ] || echo "  $i apps deployed" >&2
  done
}

# Wakes a1 ... aN, and writes who they are for wrk and for bare YARP.
wake_apps() {
  local i ports
  for ((i = 1; i <= apps; i++)); do until_ok 60 -H "Host: a$i.$host" "$public://127.0.0.1:$port/"; done
  ports=("$work"/apps/*.conf) # any of them for any name: all answer the same
  for ((i = 1; i <= apps; i++)); do echo "a$i.$host http://127.0.0.1:$(basename "${ports[i]}" .conf)/"; done >"$work/apps.txt"
  echo "hello.$host http://127.0.0.1:$(basename "${ports[0]}" .conf)/" >>"$work/apps.txt"
  cat >"$work/hosts.lua" <<EOF
local heads, at = {}, 0
for i = 1, $apps do heads[i] = 'GET / HTTP/1.1\r\nHost: a' .. i .. '.$host\r\n\r\n' end
function request() at = at % $apps + 1; return heads[at] end
EOF
}

# What people would use instead, in front of the same app.
start_beside() {
  local own_port name=$1
  case $1 in yarp-plain) start_yarp yarp-plain; return ;; esac
  [ "$protocol/$apps" = http1/1 ] || { echo "$1 is measured over HTTP/1.1 in front of one app" >&2; exit 2; }
  own_port=$(free_port)
  fill() { sed -e "s|WORK|$work|g" -e "s|APP_PORT|$app_port|g" -e "s|PORT|$own_port|g" -e "s|SIDE|$name|g" "beside/$1"; }
  case $1 in
    nginx)
      need nginx
      fill nginx.conf | sed -e 's/LOAD_LINES\|SHARED_LINES\|CHARGE_LINES//' >"$work/nginx.conf"
      nginx -e "$work/nginx.log" -c "$work/nginx.conf" & ;;
    nginx-lua)
      need nginx
      local modules=/usr/lib/nginx/modules script
      script=$(redis-cli -p "$redis_port" script load "$(cat beside/charge.lua)")
      fill nginx.conf | sed -e "s|LOAD_LINES|load_module $modules/ndk_http_module.so; load_module $modules/ngx_http_lua_module.so;|" \
        -e "s|SHARED_LINES|lua_shared_dict bench 64k; init_by_lua_block { ngx.shared.bench:set('script', '$script') }|" \
        -e "s|CHARGE_LINES|set \$redis_port $redis_port; access_by_lua_file $PWD/beside/charge-access.lua;|" >"$work/nginx-lua.conf"
      nginx -e "$work/nginx-lua.log" -c "$work/nginx-lua.conf" & ;;
    haproxy)
      need haproxy
      fill haproxy.cfg >"$work/haproxy.cfg"
      haproxy -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 & ;;
    caddy)
      need caddy
      fill Caddyfile >"$work/Caddyfile"
      HOME=$work GOMAXPROCS=2 caddy run --config "$work/Caddyfile" --adapter caddyfile >"$work/caddy.log" 2>&1 & ;;
    node)
      need node npm
      cp -r beside/node "$work/node"
      (cd "$work/node" && npm ci --no-audit --no-fund >"$work/npm.log" 2>&1) || { cat "$work/npm.log" >&2; exit 1; }
      PORT=$own_port REDIS_PORT=$redis_port APP_URL=http://127.0.0.1:$app_port CHARGE_SCRIPT=$PWD/beside/charge.lua \
        NODE_ENV=production node "$work/node/proxy.js" >"$work/node.log" 2>&1 & ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
  local pid=$!
  pids+=("$pid")
  [ -z "$redis_port" ] || redis-cli -p "$redis_port" hset "account:hello.localhost" balance 1000000000000 >"$work/purse.log"
  declare -A names=([nginx]=nginx [nginx-lua]='nginx, Lua and a Redis script' [haproxy]=HAProxy [caddy]=Caddy
    [node]="Node's http-proxy and a Redis script")
  add_side "$1" "${names[$1]}" "$own_port" "hello.localhost" "$pid"
  side_pids[$1]="$pid $(pgrep -d' ' -P "$pid" || true)"
}
