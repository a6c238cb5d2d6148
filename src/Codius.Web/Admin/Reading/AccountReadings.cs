using System.Collections.Frozen;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>
/// Reads what accounts have and spend: one by one, or those of all apps, which are remembered for some seconds since each costs two calls
/// to the store.
/// </summary>
internal sealed class AccountReadings(IAppCatalog catalog, IBalanceLedger ledger, IBooks books, TimeProvider time) : IDisposable
{
    private const int AtOnce = 100;
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile All? _all;

    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<AccountReading> ReadAsync(AccountId account, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // The hour that has begun says little in its first minutes, so the one before it counts too.
        var from = HourOf(now).AddHours(-1);
        var balance = ledger.ReadAsync(account, cancellation).AsTask();
        var lines = await books.ReadLinesAsync(account, BookStep.Hour, from, now, cancellation);
        var spent = lines.Aggregate(UInt128.Zero, (sum, line) => sum + line.Totals.Spent);
        var perHour = spent * 3_600 / (uint)(now - from).TotalSeconds;
        return new AccountReading(await balance, (ulong)UInt128.Min(perHour, ulong.MaxValue));
    }

    /// <summary>Of several accounts, in their order; a hundred at a time.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<AccountReading>> ReadAsync(
        IReadOnlyList<AccountId> accounts, CancellationToken cancellation)
    {
        var readings = new List<AccountReading>(accounts.Count);
        foreach (var some in accounts.Chunk(AtOnce))
            readings.AddRange(await Task.WhenAll(some.Select(account => ReadAsync(account, cancellation).AsTask())));
        return readings;
    }

    /// <summary>Of all named apps, by name; five seconds old, or a second for each 500 apps if there are more.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyDictionary<string, AccountReading>> ReadAllAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known) return known;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } read) return read;
            var at = time.GetTimestamp();
            var apps = catalog.Current.Named;
            var readings = await ReadAsync([.. apps.Select(app => app.Account)], cancellation);
            _all = new All(
                apps.Zip(readings).ToFrozenDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal), at);
            return _all.ByName;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);

    private FrozenDictionary<string, AccountReading>? Fresh()
    {
        if (_all is not { } all) return null;
        var age = TimeSpan.FromSeconds(Math.Max(LeastAge.TotalSeconds, all.ByName.Count / 500));
        return time.GetElapsedTime(all.At) < age ? all.ByName : null;
    }

    private sealed record All(FrozenDictionary<string, AccountReading> ByName, long At);
}
