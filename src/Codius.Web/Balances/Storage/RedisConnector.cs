using Codius.Web.Hosting;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Opens connections to Redis, and waits at the start for one that is not there yet.</summary>
internal sealed class RedisConnector(RedisOptions options, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1);
    private const int Attempts = 4;

    private readonly long _start = time.GetTimestamp();

    /// <summary>The sockets of all its connections.</summary>
    public RedisSockets Sockets { get; } = new(time);

    /// <summary>Parses <c>Redis:ConnectionString</c>.</summary>
    /// <exception cref="StartupFaultException">It cannot be parsed.</exception>
    public static ConfigurationOptions Parse(string text)
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

    /// <summary>Connects; after that the connection recovers by itself.</summary>
    /// <exception cref="StartupFaultException">Redis was not there within <c>Redis:ConnectTimeout</c>.</exception>
    public ConnectionMultiplexer Connect(ConfigurationOptions connection, string where)
    {
        connection.ClientName = "codius-web";
        connection.AbortOnConnectFail = true;
        connection.AllowAdmin = true; // INFO, for the check of its durability
        connection.AsyncTimeout = connection.SyncTimeout = (int)options.Timeout.TotalMilliseconds;
        // Of one attempt: a server that does not answer one, or answers LOADING, is asked again within the time.
        var attempt = options.ConnectTimeout / Attempts;
        connection.ConnectTimeout = (int)(attempt > ShortestAttempt ? attempt : ShortestAttempt).TotalMilliseconds;
        connection.ConnectRetry = 1;
        connection.ReconnectRetryPolicy = new LinearRetry(500);
        // A call that cannot be sent fails at once: its outcome is known, and visits get their 503 without delay.
        connection.BacklogPolicy = BacklogPolicy.FailFast;
        connection.Tunnel ??= Sockets; // behind a proxy of the settings, the proxy decides where its name leads
        // Blocks the start: nothing can be built without the store.
        return TryUntilReadyAsync(() => ConnectionMultiplexer.ConnectAsync(connection), where, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    /// <summary>
    /// Runs a step of the start that needs Redis, again and again until <c>Redis:ConnectTimeout</c> is over: one that starts together
    /// with the gateway, or is still loading its data, is not there yet.
    /// </summary>
    /// <exception cref="StartupFaultException">Redis was not there in time.</exception>
    public async Task<T> TryUntilReadyAsync<T>(Func<Task<T>> step, string where, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await step().ConfigureAwait(false);
            }
            catch (Exception trouble) when (StoreTrouble.Is(trouble))
            {
                if (time.GetElapsedTime(_start) + Pause >= options.ConnectTimeout) throw NotThere(where, trouble);
            }
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private StartupFaultException NotThere(string where, Exception trouble) => new(
        $"Redis:ConnectionString: {where} cannot be reached, or takes no commands; it was tried for {options.ConnectTimeout} "
        + $"(Redis:ConnectTimeout). The last answer: {trouble.Message}", trouble);
}
