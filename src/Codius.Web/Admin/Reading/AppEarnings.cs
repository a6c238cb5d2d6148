using Codius.Web.Apps;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>What an app was booked by hours or days.</summary>
internal sealed record AppEarningsRow(string App, IReadOnlyList<BookLine> Lines);

/// <summary>A part of the apps, and the cursor of what follows.</summary>
internal sealed record AppEarningsPage(IReadOnlyList<AppEarningsRow> Rows, string? Next);

/// <summary>Reads what apps earned by hours or days, some apps at a time.</summary>
internal sealed class AppEarnings(IAppCatalog catalog, IBooks books)
{
    /// <summary>A page of the apps by name; the cursor is the last name of the page before.</summary>
    /// <exception cref="Codius.Web.Balances.LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<AppEarningsPage> ReadAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, string? after, int size, CancellationToken cancellation)
    {
        var apps = catalog.Current.Named.Where(app => after is null || string.CompareOrdinal(app.Name, after) > 0)
            .OrderBy(app => app.Name, StringComparer.Ordinal).Take(size + 1).ToList();
        var rows = await Task.WhenAll(apps.Take(size).Select(async app =>
            new AppEarningsRow(app.Name, await books.ReadLinesAsync(app.Account, step, from, until, cancellation))));
        return new AppEarningsPage(rows, apps.Count > size ? rows[^1].App : null);
    }
}
