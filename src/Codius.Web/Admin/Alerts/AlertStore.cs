using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts;

/// <summary>What alerts keep in the ledger's Redis.</summary>
internal static class AlertStore
{
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public static Task<T> OfAlertsAsync<T>(this RedisStore store, Func<IDatabase, Task<T>> command) => StoreTrouble.TranslateAsync(
        () => command(store.Connection.GetDatabase()), "The store of alerts did not answer.");
}
