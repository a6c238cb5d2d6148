using System.Globalization;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Amounts as scripts take them: decimal text.</summary>
internal static class StoredAmount
{
    // The ledger must not depend on how the Redis client encodes a ulong above 2^63 - 1.
    public static RedisValue Text(ulong amount) => amount.ToString(CultureInfo.InvariantCulture);
}
