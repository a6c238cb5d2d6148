#!/usr/bin/env bash
# A gateway's start, from the exec of its process: until /health/live and /health/ready answer 200, and until the first paid visit is
# answered by an app that sleeps (busybox's web server, so that the gateway is measured and not the app). Published as the Dockerfile does:
#   bench/load/start.sh                   the image (a redis-server beside it) and the whole program with the embedded store
#   STARTS=20 bench/load/start.sh         more starts; the medians, and the fastest and slowest
# Each start finds what the one before left: the app, its money, the store's log. What is published already can be given: IMAGE=, WHOLE=.
set -euo pipefail
cd "$(dirname "$0")/../.."
starts=${STARTS:-10}
work=$(mktemp -d)
redis=
finish() { [ -z "$redis" ] || { kill "$redis" 2>/dev/null; wait "$redis" 2>/dev/null || true; }; rm -rf "$work"; }
trap finish EXIT
for tool in python3 redis-server busybox; do command -v $tool >/dev/null || { echo "start.sh needs $tool" >&2; exit 2; }; done

publish() { # publish FOLDER properties...
  local folder=$1; shift
  dotnet publish src/Codius.Web -v q --nologo -c Release -o "$folder" --runtime linux-x64 --no-self-contained "$@" >"$work/build.log" \
    || { cat "$work/build.log" >&2; exit 1; }
}
read -r -a for_image <<<"$(sed -n 's/^ARG FOR_IMAGE="\(.*\)"$/\1/p' Dockerfile)"
image=${IMAGE:-} whole=${WHOLE:-}
[ -n "$image" ] || { image=$work/image; publish "$image" "${for_image[@]}"; }
[ -n "$whole" ] || { whole=$work/whole; publish "$whole" -p:PublishReadyToRun=true; }

mkdir "$work/www" "$work/redis"
echo hello >"$work/www/index.html"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
redis-server --port "$port" --dir "$work/redis" --appendonly yes --save '' >"$work/redis.log" & redis=$!
until redis-cli -p "$port" ping >/dev/null 2>&1; do sleep 0.1; done

cat >"$work/start.py" <<'PYTHON'
import atexit, http.client, signal, socket, statistics, subprocess, sys, time, urllib.parse

name, program, first, starts, folder, www, *more = sys.argv[1:]
signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended")) # so that what was started ends too

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

def request(port, method, host, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {"Host": host, **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status

def until_ok(process, *asked):
    end = time.monotonic() + 60
    while True:
        try:
            if request(*asked) == 200:
                return
        except OSError:
            pass
        if process.poll() is not None:
            sys.exit(f"{name} ended: see its log")
        if time.monotonic() > end:
            sys.exit(f"{name} did not answer {asked} with 200")
        time.sleep(0.002)

visits, management = free_port(), free_port()
host = f"localhost:{visits}"

def start(dll):
    arguments = ["dotnet", dll, "--environment=Development", f"--Gateway:DataFolder={folder}", f"--Gateway:Port={visits}",
        f"--Gateway:ManagementPort={management}", f"--Host:PublicUrl=http://{host}", "--Gateway:DrainDelay=00:00:00",
        "--Apps:Processes:Images:hello:Command=sh", "--Apps:Processes:Images:hello:Args:0=-c",
        f"--Apps:Processes:Images:hello:Args:1=exec busybox httpd -f -p 127.0.0.1:$PORT -h {www}", *more]
    log = open(f"{folder}.log", "a")
    began = time.monotonic()
    process = subprocess.Popen(arguments, stdout=log, stderr=log)
    atexit.register(stop, process)
    return began, process

def stop(process):
    if process.poll() is None:
        process.terminate()
        process.wait()

# The app is deployed and paid for once, by the program that has the sandbox.
_, process = start(first)
until_ok(process, management, "GET", host, "/health/ready")
pay = urllib.parse.urlencode({"pointer": f"$hello.{host}", "amount": "1", "per": "once"})
form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://wallet.{host}"}
for _ in range(100):
    if request(visits, "POST", f"wallet.{host}", "/pay", pay, form) < 400:
        break
    time.sleep(0.1)
else:
    sys.exit("the sandbox wallet did not pay")
until_ok(process, visits, "GET", f"hello.{host}", "/")
stop(process)

times = []
for _ in range(int(starts)):
    began, process = start(program)
    passed = []
    for asked in ((management, "GET", host, "/health/live"), (management, "GET", host, "/health/ready"),
            (visits, "GET", f"hello.{host}", "/")):
        until_ok(process, *asked)
        passed.append((time.monotonic() - began) * 1000)
    times.append(passed)
    stop(process)
columns = [f"{statistics.median(column):.0f} ({min(column):.0f} to {max(column):.0f})" for column in zip(*times)]
print(f"| {name} | {' | '.join(columns)} |")
PYTHON
echo "| $starts starts, milliseconds | live | ready | first paid visit answered |"
echo "|---|---:|---:|---:|"
python3 "$work/start.py" "the image, with a redis-server" "$image/Codius.Web.dll" "$whole/Codius.Web.dll" "$starts" \
  "$work/data-image" "$work/www" "--Redis:ConnectionString=127.0.0.1:$port"
python3 "$work/start.py" "the whole program, with the embedded store" "$whole/Codius.Web.dll" "$whole/Codius.Web.dll" "$starts" \
  "$work/data-whole" "$work/www"
echo "The published image: $(du -sm "$image" | cut -f1) MB, without the framework."
