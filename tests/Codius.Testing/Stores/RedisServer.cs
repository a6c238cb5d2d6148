using System.Diagnostics;
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

    /// <summary>Starts it without waiting: it answers LOADING until it has read its data.</summary>
    public void BeginLoading(params string[] arguments)
    {
        Begin(arguments);
        _ = _process!.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");

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

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }
}
