using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Marks;

/// <summary>Reads by what a payer can show whether something was credited: a packet's condition, or a receipt's nonce.</summary>
internal sealed class CreditMarks(RedisStore store)
{
    /// <summary>True if a packet was credited; its mark ends a minute after the packet.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public Task<bool> HasPacketAsync(AccountId account, byte[] condition) =>
        CallAsync(database => database.KeyExistsAsync(BalanceKeys.Packet(account, condition)));

    /// <summary>The highest total that was credited of each stream of a receipt's nonce; empty if none was, or it has ended.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async Task<IReadOnlyDictionary<string, ulong>> ReceiptTotalsAsync(AccountId account, byte[] nonce)
    {
        var totals = await CallAsync(database => database.HashGetAllAsync(BalanceKeys.Receipt(account, nonce)));
        return totals.Where(total => ulong.TryParse((string?)total.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToDictionary(
                total => (string)total.Name!,
                total => ulong.Parse((string)total.Value!, NumberStyles.None, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), "Payments cannot be read.");
}
