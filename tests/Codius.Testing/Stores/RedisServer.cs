using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Codius.Testing.Stores;

/// <summary>A real <c>redis-server</c> on a Unix socket in a folder of its own, as durable as the ledger requires.</summary>
internal sealed class RedisServer : IStoreProcess
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private Process? _process;
    private long? _fileSize;

    public RedisServer(params string[] arguments) => _arguments = arguments;

    public string SocketPath => _folder["redis.sock"];

    public string ConnectionString => "!" + SocketPath;

    public async Task StartAsync(CancellationToken cancellation)
    {
        Begin();
        while (await _process!.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Contains("now ready to accept connections", StringComparison.Ordinal)) break;
        }
        if (_process.HasExited) throw new InvalidOperationException($"redis-server ended with {_process.ExitCode}");
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None); // so that it never waits for a reader
    }

    /// <summary>Fills it and starts it again: it answers LOADING, for a millisecond for each key.</summary>
    public async Task LoadAgainAsync(int keys)
    {
        await using (var connection = await ConnectAsync())
        {
            var database = connection.GetDatabase();
            await database.ScriptEvaluateAsync(
                "for i = 1, ARGV[1] do redis.call('SET', 'key' .. i, i) end redis.call('SET', 'last', ARGV[1])", [], [keys]);
            await database.ExecuteAsync("CONFIG", "SET", "appendonly", "no");
            await database.ExecuteAsync("CONFIG", "SET", "appendonly", "yes"); // rewrites it, with all keys in its base
            await Eventually.TrueAsync("the append-only file is written", async () =>
            {
                var info = (string?)await database.ExecuteAsync("INFO", "persistence");
                return info!.Contains("aof_rewrite_in_progress:0\r\n", StringComparison.Ordinal) ? true : (bool?)null;
            });
        }
        await KillAsync();
        Begin("--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024");
        _ = _process!.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");

    /// <summary>It keeps its connections and does nothing until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    /// <summary>No file of it can grow any more, as on a full disk, also after it is started again, until <see cref="FreeDisk"/>.</summary>
    public void FillDisk()
    {
        _fileSize = new DirectoryInfo(_folder.Path).EnumerateFiles("*", SearchOption.AllDirectories).Max(file => file.Length);
        using var limit = Process.Start("prlimit", ["--pid", _process!.Id.ToString(CultureInfo.InvariantCulture), FileSize]);
        limit.WaitForExit();
        if (limit.ExitCode != 0) throw new InvalidOperationException($"prlimit ended with {limit.ExitCode}");
    }

    /// <summary>There is room again, for the next start.</summary>
    public void FreeDisk() => _fileSize = null;

    /// <summary>Completes when it has ended by itself; <see cref="KillAsync"/> or a start may follow.</summary>
    public async Task EndsAsync(CancellationToken cancellation) => await _process!.WaitForExitAsync(cancellation);

    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    // Only the soft limit: anyone may raise it again.
    private string FileSize => $"--fsize={_fileSize}:";

    private void Begin(params string[] more)
    {
        // A write beyond the limit fails then, as on a full disk, and does not end the process by a signal.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "--ignore-signal=XFSZ", .. _fileSize is null ? Array.Empty<string>() : ["prlimit", FileSize], "redis-server",
            "--port", "0", "--unixsocket", SocketPath, "--dir", _folder.Path, "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
            "--maxmemory", "1gb", .. _arguments, .. more,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
