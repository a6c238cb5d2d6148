using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Recognizes the exceptions of a store that is away, too slow, or takes no such command now.</summary>
internal static class StoreTrouble
{
    // RedisCommandException is not a RedisException: a write that was on its way to a primary when that became a replica.
    public static bool Is(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;
}
