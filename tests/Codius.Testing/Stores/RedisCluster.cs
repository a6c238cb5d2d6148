using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Codius.Testing.Stores;

/// <summary>A Redis Cluster of three masters with a replica each, on ports of this machine.</summary>
internal sealed class RedisCluster : IStoreProcess
{
    private const int Masters = 3;

    private readonly RedisServer[] _servers;
    private readonly int[] _ports;

    /// <summary>A cluster that replaces a master after the time that it did not answer.</summary>
    public RedisCluster(TimeSpan? nodeTimeout = null, params string[] arguments)
    {
        var timeout = ((long)(nodeTimeout ?? TimeSpan.FromSeconds(30)).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        _ports = [.. Enumerable.Range(0, 2 * Masters).Select(_ => FreePort.Find())];
        _servers = [.. _ports.Select(port => new RedisServer(
        [
            "--port", Text(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes", "--cluster-port", Text(FreePort.Find()),
            "--cluster-node-timeout", timeout, "--repl-diskless-sync-delay", "0", .. arguments,
        ]))];
    }

    public string ConnectionString => string.Join(',', _ports.Take(Masters).Select(Address));

    /// <summary>Returns when each node knows all slots and each replica has its master's data.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(_servers.Select(server => server.StartAsync(cancellation)));
        await CreateAsync(cancellation);
        await using var connection = await ConnectAsync();
        await Eventually.TrueAsync("the cluster is complete", async () =>
        {
            await connection.ConfigureAsync(); // the nodes tell each other of the last ones after the first answer
            foreach (var server in connection.GetServers()) if (!await IsCompleteAsync(server)) return null;
            return connection.GetServers().Length == _servers.Length ? true : (bool?)null;
        });
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");

    /// <summary>The server at the address; its process can be killed, frozen and started again.</summary>
    public RedisServer At(System.Net.EndPoint address) =>
        _servers[Array.IndexOf(_ports, ((System.Net.IPEndPoint)address).Port)];

    /// <summary>Empties all masters.</summary>
    public async Task FlushAsync()
    {
        await using var connection = await ConnectAsync();
        await Eventually.TrueAsync("the masters are empty", async () =>
        {
            try
            {
                foreach (var server in connection.GetServers()) if (!server.IsReplica) await server.FlushDatabaseAsync();
                return true;
            }
            catch (RedisServerException)
            {
                await connection.ConfigureAsync(); // a replica that has not said so yet
                return (bool?)null;
            }
        });
    }

    public Task KillAsync() => Task.WhenAll(_servers.Select(server => server.KillAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    private static async Task<bool> IsCompleteAsync(IServer server)
    {
        if (!server.IsConnected) return false;
        var cluster = (string?)await server.ExecuteAsync("CLUSTER", "INFO");
        if (!cluster!.Contains("cluster_state:ok", StringComparison.Ordinal)) return false;
        var replication = (string?)await server.ExecuteAsync("INFO", "replication");
        return replication!.Contains("master_link_status:up", StringComparison.Ordinal)
            || replication.Contains("state=online", StringComparison.Ordinal);
    }

    private async Task CreateAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("redis-cli") { RedirectStandardOutput = true };
        string[] arguments =
            ["--cluster", "create", .. _ports.Select(Address), "--cluster-replicas", "1", "--cluster-yes"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var creating = Process.Start(start)!;
        var output = await creating.StandardOutput.ReadToEndAsync(cancellation);
        await creating.WaitForExitAsync(cancellation);
        if (creating.ExitCode != 0) throw new InvalidOperationException($"The cluster cannot be created: {output}");
    }

    private static string Address(int port) => "127.0.0.1:" + Text(port);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
