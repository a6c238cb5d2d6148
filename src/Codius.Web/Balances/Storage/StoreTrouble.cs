using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Recognizes the exceptions of a store that is away, too slow, or takes no such command now.</summary>
internal static class StoreTrouble
{
    // RedisCommandException is not a RedisException: a write that was on its way to a primary when that became a replica.
    public static bool Is(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

    /// <summary>Runs a call to the store; such an exception becomes a <see cref="LedgerUnavailableException"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">What cannot be done.</param>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; the call may have been made.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call, string message)
    {
        try
        {
            return await call();
        }
        catch (Exception trouble) when (Is(trouble))
        {
            throw new LedgerUnavailableException(message, trouble);
        }
    }

    /// <summary>Runs work that may be left undone while the store is away; false if it was.</summary>
    public static async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception trouble) when (Is(trouble) || trouble is LedgerUnavailableException)
        {
            return false;
        }
    }

    /// <summary>
    /// True if a new connection may end it: the server is gone, or is a replica now, and its name may lead elsewhere. One that lacks
    /// memory or a replica is asked on the same connection until it has them.
    /// </summary>
    public static bool MayEndElsewhere(Exception exception) => exception switch
    {
        RedisServerException answer => answer.Message.StartsWith("READONLY", StringComparison.Ordinal)
            || answer.Message.StartsWith("MASTERDOWN", StringComparison.Ordinal),
        RedisConnectionException or RedisCommandException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };
}
