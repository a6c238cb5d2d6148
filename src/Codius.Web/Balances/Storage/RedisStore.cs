using Codius.Web.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>The gateway's one connection to its store: the Redis inside it, or the one its owner named.</summary>
internal sealed class RedisStore : IDisposable
{
    private readonly IDisposable? _server;

    private RedisStore(IDisposable? server, IConnectionMultiplexer connection, string name, bool embedded)
    {
        _server = server;
        Connection = connection;
        Name = name;
        IsEmbedded = embedded;
    }

    public IConnectionMultiplexer Connection { get; }

    /// <summary>What it is, for people; no password in it.</summary>
    public string Name { get; }

    public bool IsEmbedded { get; }

    /// <summary>Opens it and returns when it answers; after that it reconnects by itself.</summary>
    /// <exception cref="StartupFaultException">It cannot be started or reached.</exception>
    public static RedisStore Open(IOptions<RedisOptions> redis, Func<DataFolder> folder)
    {
        var options = redis.Value;
        if (options.ConnectionString is { } text)
        {
            var named = ConfigurationOptions.Parse(text);
            var where = string.Join(", ", named.EndPoints);
            return new RedisStore(null, Connect(named, options, where), where, embedded: false);
        }
#if EMBEDDED_REDIS
        var (server, connection) = EmbeddedStore.Start(folder());
        try
        {
            return new RedisStore(server, Connect(connection, options, "the embedded Redis"), "embedded (Garnet)", embedded: true);
        }
        catch
        {
            server.Dispose();
            throw;
        }
#else
        throw new StartupFaultException("Redis:ConnectionString: is missing. This program was built without the embedded Redis and needs one of its own.");
#endif
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
        // A call that cannot be sent now is told so now: its outcome is known, and visits get their 503 at once.
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
        Connection.Dispose();
        _server?.Dispose();
    }
}
