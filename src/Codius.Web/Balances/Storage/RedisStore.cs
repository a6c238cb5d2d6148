using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>The gateway's connection to its store: the embedded Redis, or the one in the settings.</summary>
internal sealed class RedisStore : IDisposable
{
    private readonly IDisposable? _server;
    private readonly IConnectionMultiplexer? _credits;

    private RedisStore(
        IDisposable? server, IConnectionMultiplexer connection, string name, IConnectionMultiplexer? credits = null, int replicas = 0)
    {
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
    public static RedisStore Open(IOptions<RedisOptions> redis, Func<DataFolder> folder)
    {
        var options = redis.Value;
        if (options.ConnectionString is { } text)
        {
            var named = Parse(text);
            var where = string.Join(", ", named.EndPoints);
            var connection = Connect(named, options, where);
            return options.CreditReplicas == 0
                ? new RedisStore(null, connection, where)
                : new RedisStore(null, connection, where, Connect(named.Clone(), options, where), options.CreditReplicas);
        }
#if EMBEDDED_REDIS
        var path = Path.Combine(folder().Path, "redis");
        var (server, inside) = EmbeddedStore.Start(path);
        try
        {
            var connection = Connect(inside, options, "the embedded Redis");
            EmbeddedStore.EnsureRecovered(connection, path);
            return new RedisStore(server, connection, "embedded (Garnet)");
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

    private static ConfigurationOptions Parse(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text);
        }
        catch (ArgumentException wrong)
        {
            // The message names the wrong part of the text, never the password.
            throw new StartupFaultException($"Redis:ConnectionString: cannot be read: {wrong.Message}", wrong);
        }
    }

    private static ConnectionMultiplexer Connect(ConfigurationOptions connection, RedisOptions options, string where)
    {
        connection.ClientName = "codius-web";
        connection.AbortOnConnectFail = true;
        connection.AllowAdmin = true; // INFO, for the check of its durability
        connection.AsyncTimeout = connection.SyncTimeout = (int)options.Timeout.TotalMilliseconds;
        connection.ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds;
        connection.ConnectRetry = 1;
        connection.ReconnectRetryPolicy = new LinearRetry(500);
        // A call that cannot be sent fails at once: its outcome is known, and visits get their 503 without delay.
        connection.BacklogPolicy = BacklogPolicy.FailFast;
        try
        {
            return ConnectionMultiplexer.Connect(connection);
        }
        catch (RedisException unreachable)
        {
            throw new StartupFaultException($"Redis:ConnectionString: {where} cannot be reached: {unreachable.Message}", unreachable);
        }
    }

    public void Dispose()
    {
        _credits?.Dispose();
        Connection.Dispose();
        _server?.Dispose();
    }
}
