using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>Reads the bars of plots from the books; hours and days in which nothing was booked are bars of nothing.</summary>
internal sealed class PlotReader(IBooks books, TimeProvider time)
{
    public async ValueTask<IReadOnlyList<PlotBar>> ReadHostAsync(PlotRange range, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return Fill(range, now, await books.ReadHostLinesAsync(range.Step, range.From(now), now, cancellation));
    }

    public async ValueTask<IReadOnlyList<PlotBar>> ReadAsync(AccountId account, PlotRange range, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return Fill(range, now, await books.ReadLinesAsync(account, range.Step, range.From(now), now, cancellation));
    }

    private static PlotBar[] Fill(PlotRange range, DateTimeOffset now, IReadOnlyList<BookLine> lines)
    {
        var from = range.From(now);
        PlotBar[] bars = [.. Enumerable.Range(0, range.Bars).Select(index => new PlotBar(from + range.Bar * index, 0, 0))];
        foreach (var line in lines)
        {
            var index = (int)((line.Start - from) / range.Bar);
            if (line.Start >= from && index < bars.Length) bars[index] += line.Totals;
        }
        return bars;
    }
}
