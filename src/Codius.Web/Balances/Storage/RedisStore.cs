using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>The gateway's connection to its store: the embedded Redis, or the one in the settings.</summary>
internal sealed class RedisStore : IDisposable
{
    // A connection that is younger may not have finished its handshake; on a store that stays a replica this is the pause between two.
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(5);

    // In milliseconds: WAIT is sent right after the write, so that the key is of no use any more when it ends.
    private const int WrittenKept = 1000;

    private readonly RedisConnector _connector;
    private readonly IDisposable? _server;
    private readonly IConnectionMultiplexer? _credits;

    private RedisStore(
        RedisConnector connector, IDisposable? server, IConnectionMultiplexer connection, string name,
        IConnectionMultiplexer? credits = null, int replicas = 0)
    {
        _connector = connector;
        _server = server;
        _credits = credits;
        Connection = connection;
        Name = name;
        CreditReplicas = replicas;
        Nodes = new RedisNodes(connection);
    }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>The masters: one, or those of a Redis Cluster.</summary>
    public RedisNodes Nodes { get; }

    /// <summary>What the store is, for logs and health; without a password.</summary>
    public string Name { get; }

    /// <summary>How many replicas must have a credit before it counts.</summary>
    public int CreditReplicas { get; }

    /// <summary>The connection for credits: it may wait for replicas without delaying other calls.</summary>
    public IConnectionMultiplexer CreditConnection => _credits ?? Connection;

    /// <summary>
    /// Sends a write that changes nothing (a push to a list that does not exist) to each master: the store judges it as any write, and
    /// neither its append-only file nor its replicas grow by it. If credits wait for replicas, those must be there too.
    /// </summary>
    public async Task ProbeWriteAsync() => await Task.WhenAll((await Nodes.KeyOfEachMasterAsync()).Select(ProbeWriteAsync));

    /// <summary>The node that a credit with these keys is written on, to be asked for its replicas afterwards.</summary>
    /// <exception cref="RedisException">No master is connected.</exception>
    public IServer CreditNode(RedisKey key)
    {
        try
        {
            return CreditConnection.GetServer(key, flags: CommandFlags.DemandMaster);
        }
        catch (InvalidOperationException none)
        {
            throw new RedisException("No master is connected.", none);
        }
    }

    /// <summary>How many replicas of a node have all of its writes of the slot, of all connections, after waiting for them.</summary>
    /// <param name="node">
    /// As <see cref="CreditNode"/> was before the write: after a fail-over its successor's replicas may never have got it.
    /// </param>
    /// <param name="key">A key of the slot.</param>
    /// <remarks>
    /// WAIT speaks of the writes of its own connection. A repeat of a credit writes nothing, and what it found may have been written on
    /// another connection, for which WAIT does not wait (since Redis 7.2; before, any command would do). A write of its own comes after all
    /// of them. A node that is a replica now, or lost the slot, refuses that write: so nothing counts there that is elsewhere.
    /// </remarks>
    public async Task<int> CountReplicasAsync(IServer node, RedisKey key)
    {
        var written = node.ServerType == ServerType.Cluster
            ? node.ExecuteAsync("SET", [BalanceKeys.WrittenBeside(key), 1, "PX", WrittenKept], CommandFlags.NoRedirect)
            : node.ExecuteAsync("SET", [BalanceKeys.Written, 1], CommandFlags.NoRedirect);
        var replicas = WaitAsync(node); // sent at once, after the write
        await written;
        return await replicas;
    }

    public RedisException TooFewReplicas(int have) => new($"{have} of {CreditReplicas} replicas had the credit in time.");

    /// <summary>
    /// Makes the connections resolve the store's name anew, unless they did so just now. Of a cluster only the masters are read anew: the
    /// connections to those that work stay.
    /// </summary>
    public Task ReconnectAsync()
    {
        IConnectionMultiplexer[] all = _credits is null ? [Connection] : [Connection, _credits];
        if (Nodes.IsCluster) return Task.WhenAll(all.Select(ReadNodesAsync));
        _connector.Sockets.CloseOlderThan(ReconnectAfter);
        return Task.CompletedTask;
    }

    /// <summary>Runs a step of the start that needs the store; waits for a store that is not there yet.</summary>
    /// <exception cref="StartupFaultException">It was not there within <c>Redis:ConnectTimeout</c> of the start.</exception>
    public Task DuringStartAsync(Func<Task> step, CancellationToken cancellation) => _connector.TryUntilReadyAsync(async () =>
    {
        await step();
        return true;
    }, Name, cancellation);

    /// <summary>Reads the store's durability settings.</summary>
    public async Task<Durability> ReadDurabilityAsync()
    {
        if (_server is not null) return Durability.OfEmbedded;
        var read = await Task.WhenAll(Connection.GetServers().Where(server => server.IsConnected).Select(async server =>
            new NodeDurability($"{server.EndPoint}", server.IsReplica, await Durability.ReadAsync(server))));
        return NodeDurability.Together(read);
    }

    /// <summary>Opens the store and returns when it answers; after that the connection recovers by itself.</summary>
    /// <exception cref="StartupFaultException">It cannot be started or reached.</exception>
    public static RedisStore Open(IOptions<RedisOptions> redis, Func<DataFolder> folder, TimeProvider? time = null)
    {
        var options = redis.Value;
        var connector = new RedisConnector(options, time ?? TimeProvider.System);
        if (options.ConnectionString is { } text)
        {
            var named = RedisConnector.Parse(text);
            var where = string.Join(", ", named.EndPoints);
            var connection = connector.Connect(named, where);
            return options.CreditReplicas == 0
                ? new RedisStore(connector, null, connection, where)
                : new RedisStore(connector, null, connection, where, connector.Connect(named.Clone(), where), options.CreditReplicas);
        }
#if EMBEDDED_REDIS
        var path = Path.Combine(folder().Path, "redis");
        var (server, inside) = EmbeddedStore.Start(path);
        try
        {
            var connection = connector.Connect(inside, "the embedded Redis");
            EmbeddedStore.EnsureRecovered(connection, path);
            return new RedisStore(connector, server, connection, "embedded (Garnet)");
        }
        catch
        {
            server.Dispose();
            throw;
        }
#else
        throw new StartupFaultException(
            "Redis:ConnectionString: is missing. This program was built without the embedded Redis and needs one of its own.");
#endif
    }

    private async Task ProbeWriteAsync(RedisKey key)
    {
        await Connection.GetDatabase().ListLeftPushAsync(key, "", When.Exists);
        if (CreditReplicas == 0) return;
        await CreditConnection.GetDatabase().ListLeftPushAsync(key, "", When.Exists);
        var have = await WaitAsync(CreditNode(key));
        if (have < CreditReplicas) throw TooFewReplicas(have);
    }

    private async Task<int> WaitAsync(IServer node)
    {
        // Half the time-out, so that its answer still comes in time.
        var wait = (long)CreditConnection.TimeoutMilliseconds / 2;
        return (int)await node.ExecuteAsync("WAIT", CreditReplicas, wait);
    }

    private static async Task ReadNodesAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.ConfigureAsync();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            // The next probe fails and tries again.
        }
    }

    public void Dispose()
    {
        _credits?.Dispose();
        Connection.Dispose();
        _server?.Dispose();
    }
}
