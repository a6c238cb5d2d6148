using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.WalletPayments;

/// <summary>Keeps the newest payments that were given up, for the host's owner: each may be money that an account lacks.</summary>
internal sealed class GivenUpPayments(RedisStore store)
{
    /// <summary>How many are kept.</summary>
    public const int Most = 100;

    private const char Separator = '\t';

    /// <summary>Keeps one. Best effort: it is in the log, too. Once more with the same text and time changes nothing.</summary>
    public async ValueTask AddAsync(GivenUpPayment payment)
    {
        var text = string.Join(Separator, payment.Id.ToString("D", CultureInfo.InvariantCulture), payment.Account,
            Text(payment.CreatedAt), Text(payment.ExpiresAt), payment.Why.Replace(Separator, ' '));
        await CallAsync(async database =>
        {
            await database.SortedSetAddAsync(BalanceKeys.GivenUpPayments, text, payment.At.ToUnixTimeMilliseconds());
            return await database.SortedSetRemoveRangeByRankAsync(BalanceKeys.GivenUpPayments, 0, -Most - 1);
        });
    }

    /// <summary>Those that are kept, newest first.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<GivenUpPayment>> ReadAsync()
    {
        var found = await CallAsync(database =>
            database.SortedSetRangeByRankWithScoresAsync(BalanceKeys.GivenUpPayments, order: Order.Descending));
        return [.. found.Select(Parse)];
    }

    private static GivenUpPayment Parse(SortedSetEntry entry)
    {
        var parts = ((string)entry.Element!).Split(Separator);
        return new GivenUpPayment(Guid.Parse(parts[0]), AccountId.OfApp(parts[1]), Time(parts[2]), Time(parts[3]),
            DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Score), parts[4]);
    }

    private static string Text(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), "Payments that were given up cannot be read or written.");
}
