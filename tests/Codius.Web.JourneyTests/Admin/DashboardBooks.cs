using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>The real books, but with a month behind the host and each app that no test can wait for.</summary>
internal sealed class DashboardBooks(IBooks books, TimeProvider time) : IBooks
{
    private const ulong Unit = 1_000_000_000;

    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation) =>
        books.ReadEntriesAsync(account, cursor, size, cancellation);

    public ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        books.FindEntriesAsync(account, ids, cancellation);

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) =>
        books.ReadTotalsAsync(account, cancellation);

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        var app = Enumerable.Range(0, 50).FirstOrDefault(index => DashboardStage.NameOf(index) == account.ToString(), -1);
        return new(app < 0 || SpendingOf(app) == 0 ? [] : Lines(step, from, until, SpendingOf(app)));
    }

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        new(Lines(step, from, until, Unit / 2));

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) =>
        new(new BookTotals { PaidByStream = Enumerable.Range(0, 50).Aggregate(0ul, (sum, app) => sum + MoneyOf(app)) });

    /// <summary>What an app has at first, in units.</summary>
    public static ulong MoneyOf(int app) => (ulong)(1 + app * app) * Unit / 100;

    private static ulong SpendingOf(int app) => app is < 7 or 20 or 33 ? (ulong)(9 - app % 9) * Unit / 100 : 0;

    private List<BookLine> Lines(BookStep step, DateTimeOffset from, DateTimeOffset until, ulong anHour)
    {
        var length = step == BookStep.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var start = new DateTimeOffset(from.UtcTicks - from.UtcTicks % length.Ticks, TimeSpan.Zero);
        if (start < from) start += length;
        var lines = new List<BookLine>();
        for (; start <= until; start += length)
        {
            // What has passed of it, as the books of now would have it.
            var hours = Math.Min(length.TotalHours, Math.Max(0.25, (time.GetUtcNow() - start).TotalHours));
            var day = start.UtcDateTime.DayOfYear;
            var wave = 1 + 0.35 * Math.Sin(day / 3.1) + 0.2 * Math.Sin(start.Hour / 3.8) + day % 5 * 0.06;
            var spent = (ulong)(anHour * hours * wave);
            lines.Add(new BookLine(start, new BookTotals
            {
                Requests = spent * 3 / 4,
                Running = spent / 4,
                PaidByStream = spent + spent / 9,
            }));
        }
        return lines;
    }
}
