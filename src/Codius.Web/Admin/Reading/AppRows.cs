using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Codius.Web.Apps;
using Codius.Web.Apps.Load;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Admin.Reading;

/// <summary>Reads the apps, a page at a time.</summary>
internal sealed class AppRows(
    IAppCatalog catalog, IAppRunner runner, LastVisits visits, HostLoad load, LastFailures failures, AccountReadings readings,
    AppLimitsReader limits, Prices prices, TimeProvider time)
{
    /// <summary>More seconds than any app runs.</summary>
    private const ulong Never = 1UL << 62;

    /// <summary>A page of the apps under names; null if the cursor is none of this order.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<AppPage?> ReadAsync(AppQuery query, CancellationToken cancellation)
    {
        if (!TryReadCursor(query, out var after)) return null;
        var byName = query.Order == AppOrder.Name;
        var all = byName && query.BalanceBelow is null ? null : await readings.ReadAllAsync(cancellation);
        var apps = catalog.Current.Named.Where(app => IsIn(query, app) && HasLess(query, app, all));
        var places = apps.Select(app => (App: app, Place: new Place(KeyOf(query.Order, app, all), app.Name)));
        if (!byName) places = places.OrderBy(each => each.Place);
        var found = places.Where(each => after is null || each.Place.CompareTo(after.Value) > 0).Take(query.Size + 1).ToList();
        var rows = await ReadAsync([.. found.Take(query.Size).Select(each => each.App)], cancellation);
        return new AppPage(rows, found.Count > query.Size ? CursorOf(query.Order, found[query.Size - 1].Place) : null);
    }

    /// <summary>One app, also one that is named by its hash; null if there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<AppRow?> FindAsync(string name, CancellationToken cancellation) =>
        catalog.Current.TryFind(name, out var app) ? (await ReadAsync([app], cancellation))[0] : null;

    /// <summary>How many of the apps under names have no money, or soon none; some seconds old.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<DryApps> CountDryAsync(CancellationToken cancellation)
    {
        var (all, now, counts) = (await readings.ReadAllAsync(cancellation), time.GetUtcNow(), new DryApps(0, 0, 0));
        foreach (var app in catalog.Current.Named)
        {
            var reading = all.GetValueOrDefault(app.Name);
            if (reading.Funds < Math.Max(prices.For(app).PerRequest, 1)) counts = counts with { Dry = counts.Dry + 1 };
            else if (reading.RunsDryAt(now) is not { } end || end >= now.AddDays(1)) continue;
            else if (end < now.AddHours(1)) counts = counts with { WithinHour = counts.WithinHour + 1 };
            else counts = counts with { WithinDay = counts.WithinDay + 1 };
        }
        return counts;
    }

    /// <summary>How the API and the dashboard call a state.</summary>
    public static string StateName(AppState state) => state switch
    {
        AppState.Awake => "awake",
        AppState.WakingState => "waking",
        AppState.Failed => "failed",
        _ => "asleep",
    };

    private async ValueTask<IReadOnlyList<AppRow>> ReadAsync(IReadOnlyList<HostedApp> apps, CancellationToken cancellation)
    {
        var read = await readings.ReadAsync([.. apps.Select(app => app.Account)], cancellation);
        var failed = await Task.WhenAll(apps.Select(app => FailureOfAsync(app)));
        var bounds = await Task.WhenAll(apps.Select(limits.ReadAsync));
        var visited = await visits.ReadAsync([.. apps.Select(app => app.Name)]);
        var waiting = (await load.ReadAsync()).ByApp;
        return [.. apps.Select((app, i) => RowOf(app, read[i], failed[i], visited[i], bounds[i]) with
        {
            WaitingVisits = waiting.GetValueOrDefault(app.Name),
        })];
    }

    private AppRow RowOf(HostedApp app, AccountReading reading, LastFailure? failure, DateTimeOffset? visited, AppLimits bounds)
    {
        var (now, state, status) = (time.GetUtcNow(), runner.StateOf(app), runner.StatusOf(app.Name));
        return new AppRow(
            app.Name, app.Hash, app.Image, StateName(state), status?.Since, state is AppState.Awake or AppState.WakingState ? 1 : 0,
            reading.Funds, reading.SpendingPerHour, reading.RunsDryAt(now), visited,
            app.Owner?.ToString(), app.BlockedWords, prices.For(app).PerRequest, app.CapPerHour, failure?.Reason, failure?.At)
        {
            Leased = reading.Balance?.Leased ?? 0,
            Limits = bounds,
        };
    }

    private async Task<LastFailure?> FailureOfAsync(HostedApp app)
    {
        try
        {
            return await failures.ReadAsync(app.Name, app.Owner);
        }
        catch (AppStoreUnavailableException unavailable)
        {
            throw new LedgerUnavailableException("The failures of apps cannot be read.", unavailable);
        }
    }

    private bool IsIn(AppQuery query, HostedApp app) =>
        (query.Search is not { } text || app.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || app.Presentation?.Title?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)
        && (query.HasCap is not { } capped || capped == app.CapPerHour is not null)
        && (query.Owner is not { } owner || app.Owner?.ToString() == owner)
        && (query.State is not { } state || (state == "blocked" ? app.BlockedWords is not null : StateName(runner.StateOf(app)) == state));

    private static bool HasLess(AppQuery query, HostedApp app, IReadOnlyDictionary<string, AccountReading>? all) =>
        query.BalanceBelow is not { } units || (all?.GetValueOrDefault(app.Name) ?? default).Funds < units;

    // The least first, so what is to come first of the most is counted down.
    private static ulong KeyOf(AppOrder order, HostedApp app, IReadOnlyDictionary<string, AccountReading>? all)
    {
        var reading = all?.GetValueOrDefault(app.Name) ?? default;
        return order switch
        {
            AppOrder.Balance => reading.Funds,
            AppOrder.Spending => ulong.MaxValue - reading.SpendingPerHour,
            // After all that run dry, those that spend nothing, the one with the least money first.
            AppOrder.RunsDry when reading.SpendingPerHour == 0 => Never + Math.Min(reading.Funds, Never),
            AppOrder.RunsDry => (ulong)UInt128.Min((UInt128)reading.Funds * 3_600 / reading.SpendingPerHour, Never - 1),
            _ => 0,
        };
    }

    private static string CursorOf(AppOrder order, Place place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{order} {place.Key} {place.Name}")));

    private static bool TryReadCursor(AppQuery query, out Place? after)
    {
        after = null;
        if (query.Cursor is not { } cursor) return true;
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor)) return false;
        if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is not [var order, var key, var name]
            || order != query.Order.ToString()
            || !ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        after = new Place(number, name);
        return true;
    }

    /// <summary>Where an app is in an order: a later page begins after it, whatever changed meanwhile.</summary>
    private readonly record struct Place(ulong Key, string Name) : IComparable<Place>
    {
        public int CompareTo(Place other) => Key != other.Key ? Key.CompareTo(other.Key) : string.CompareOrdinal(Name, other.Name);
    }
}
