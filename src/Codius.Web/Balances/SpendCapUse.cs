using System.Globalization;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances;

/// <summary>Reads what counts against an account's cap per hour.</summary>
internal sealed class SpendCapUse(RedisStore store, TimeProvider time)
{
    // As in cap.lua: a minute counts until it is a whole hour old.
    private const int MinutesCounted = 61;

    /// <summary>
    /// What requests cost in the last hour, as gateways have settled it, in units. What they lease counts against the cap, too, and is in
    /// the balance.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<ulong> ReadAsync(AccountId account)
    {
        var spends = await StoreTrouble.TranslateAsync(
            () => store.Connection.GetDatabase().HashGetAsync(BalanceKeys.Account(account), "spends"), "The use of a cap cannot be read.");
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        var sum = UInt128.Zero;
        foreach (var spend in ((string?)spends ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (spend.Split(',') is [var at, var units]
                && minute - long.Parse(at, NumberStyles.None, CultureInfo.InvariantCulture) < MinutesCounted)
                sum += ulong.Parse(units, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        return (ulong)UInt128.Min(sum, ulong.MaxValue);
    }
}
