using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>The gateway's connection to its store: the embedded Redis, or the one in the settings.</summary>
internal sealed class RedisStore : IDisposable
{
    // A connection that is younger may not have finished its handshake; on a store that stays a replica this is the pause between two.
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(5);

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
    }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>What the store is, for logs and health; without a password.</summary>
    public string Name { get; }

    /// <summary>How many replicas must have a credit before it counts.</summary>
    public int CreditReplicas { get; }

    /// <summary>The connection for credits: it may wait for replicas without delaying other calls.</summary>
    public IConnectionMultiplexer CreditConnection => _credits ?? Connection;

    /// <summary>
    /// Sends a write that changes nothing (a push to a list that does not exist): the store judges it as any write, and neither its
    /// append-only file nor its replicas grow by it. If credits wait for replicas, those must be there too.
    /// </summary>
    public async Task ProbeWriteAsync()
    {
        await Connection.GetDatabase().ListLeftPushAsync(BalanceKeys.Probe, "", When.Exists);
        if (CreditReplicas == 0) return;
        await CreditConnection.GetDatabase().ListLeftPushAsync(BalanceKeys.Probe, "", When.Exists);
        var have = await CountReplicasAsync();
        if (have < CreditReplicas) throw TooFewReplicas(have);
    }

    /// <summary>How many replicas have all writes of the connection for credits, after waiting for them.</summary>
    public async Task<int> CountReplicasAsync()
    {
        // WAIT speaks of the writes of its own connection; half the time-out, so that its answer still comes in time.
        var wait = (long)CreditConnection.TimeoutMilliseconds / 2;
        return (int)await CreditConnection.GetDatabase().ExecuteAsync("WAIT", CreditReplicas, wait);
    }

    /// <summary>
    /// The same for the writes of all connections: a repeat of a credit writes nothing, and what it found may have been written on another
    /// connection, for which WAIT does not wait (since Redis 7.2; before, any command would do). A write of its own comes after all of
    /// them.
    /// </summary>
    public async Task<int> CountReplicasOfAllAsync()
    {
        var written = CreditConnection.GetDatabase().StringSetAsync(BalanceKeys.Written, 1);
        var replicas = CountReplicasAsync(); // sent at once, after the write
        await written;
        return await replicas;
    }

    public RedisException TooFewReplicas(int have) => new($"{have} of {CreditReplicas} replicas had the credit in time.");

    /// <summary>Makes the connections resolve the store's name anew, unless they did so just now.</summary>
    public void Reconnect() => _connector.Sockets.CloseOlderThan(ReconnectAfter);

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
        var primary = Connection.GetServers().FirstOrDefault(server => server is { IsConnected: true, IsReplica: false })
            ?? throw new RedisException("No primary of the named Redis is connected.");
        return await Durability.ReadAsync(primary);
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

    public void Dispose()
    {
        _credits?.Dispose();
        Connection.Dispose();
        _server?.Dispose();
    }
}
