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

    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private void Begin(params string[] more)
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        string[] arguments =
        [
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
