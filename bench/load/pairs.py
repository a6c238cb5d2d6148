"""Used by pairs.sh. drive: pieces of load for each side in random order, a line for each. table: their ratios, piece by piece."""
import math, os, random, re, statistics, subprocess, sys, tempfile

NAMES = {'yarp': 'bare YARP', 'before': 'the gateway before', 'gateway': 'Codius.Web'}


def used(pid):
    """Nanoseconds of processor time of all threads that still run; a thread of .NET's pool seldom ends."""
    total = 0
    for task in os.listdir(f'/proc/{pid}/task'):
        try:
            with open(f'/proc/{pid}/task/{task}/schedstat') as stat:
                total += int(stat.read().split()[0])
        except OSError:
            pass
    return total


def piece(protocol, side, requests, log=None):
    """Requests a second, µs of processor time a request, and the 99th percentile in µs."""
    name, url, host, pid = side
    scheme = 'https' if protocol == 'tls' else 'http'
    load = ['-c', '16', '-m', '4'] if protocol == 'h2' else ['--h1', '-c', '64', '-m', '1']
    command = ['h2load', '-n', str(requests), '-t', '2', *load, f'--connect-to=127.0.0.1:{url.rsplit(":", 1)[1]}']
    if log:
        command.append(f'--log-file={log}')
    before = used(pid)
    said = subprocess.run([*command, f'{scheme}://{host}/'], capture_output=True, text=True, check=True).stdout
    spent = used(pid) - before
    if f' {requests} succeeded' not in said or f'status codes: {requests} 2xx' not in said:
        sys.exit(f'{name}:\n{said}')
    p99 = 0
    if log:
        with open(log) as lines:
            times = sorted(int(line.split('\t')[2]) for line in lines)
        p99 = times[len(times) * 99 // 100]
        os.remove(log)
    return float(re.search(r'finished in \S+ ([\d.]+) req/s', said).group(1)), spent / requests / 1000, p99


def drive(protocol, rounds, requests, warm, *sides):
    sides = [side.split(',') for side in sides]
    for side in sides:
        for _ in range(7):
            piece(protocol, side, int(warm) // 7)
    log = tempfile.mktemp()
    for _ in range(int(rounds)):
        random.shuffle(sides)
        row = {side[0]: piece(protocol, side, int(requests), log) for side in sides}
        print(' '.join(f'{name}={rate},{spent:.3f},{p99}' for name, (rate, spent, p99) in row.items()), flush=True)


def ratio(rows, side, other, at):
    """The mean of the ratios without the outermost fifths, and its standard error."""
    logs = sorted(math.log(row[side][at] / row[other][at]) for row in rows if row[side][at] > 0 and row[other][at] > 0)
    cut = len(logs) // 5
    logs = logs[cut:len(logs) - cut]
    return f'{math.exp(statistics.mean(logs)):.3f} ± {statistics.stdev(logs) / math.sqrt(len(logs)):.3f}'


def table(path):
    with open(path) as lines:
        rows = [{name: [float(value) for value in values.split(',')] for name, values in
                 (side.split('=') for side in line.split())} for line in lines]
    others = [side for side in ('yarp', 'before') if side in rows[0]]
    print('| | requests/s | ' + ' | '.join(f'beside {NAMES[other]}' for other in others) + ' | p99 | '
          + ' | '.join(f'beside {NAMES[other]}' for other in others) + ' | processor time | '
          + ' | '.join(f'beside {NAMES[other]}' for other in others) + ' |')
    print('|---|' + '---:|' * (3 * (1 + len(others))))
    for side in ('yarp', 'before', 'gateway'):
        if side not in rows[0]:
            continue
        cells = [NAMES[side]]
        for at, shown in ((0, '{:.0f}'), (2, '{:.0f} µs'), (1, '{:.1f} µs')):
            cells.append(shown.format(statistics.median(row[side][at] for row in rows)))
            cells += ['' if side == other else ratio(rows, side, other, at) for other in others]
        print('| ' + ' | '.join(cells) + ' |')


if __name__ == '__main__':
    {'drive': drive, 'table': table}[sys.argv[1]](*sys.argv[2:])
