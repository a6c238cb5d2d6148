using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>Books that a test wrote.</summary>
internal sealed class StagedBooks : IBooks
{
    public List<StatementEntry> Entries { get; } = [];

    /// <summary>What each account has spent in the hour before this one, by name.</summary>
    public Dictionary<string, ulong> Spent { get; } = [];

    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation)
    {
        var first = 0;
        if (cursor is not null && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out first))
            throw new ArgumentException("No cursor", nameof(cursor));
        var next = first + size < Entries.Count ? (first + size).ToString(CultureInfo.InvariantCulture) : null;
        return new(new StatementPage([.. Entries.Skip(first).Take(size)], next));
    }

    public ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        new([.. Entries.Where(entry => ids.Contains(entry.Id))]);

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        new(Spent.TryGetValue(account.ToString(), out var spent) ? [new BookLine(from, new BookTotals { Requests = spent })] : []);

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) =>
        new(new BookTotals { PaidByStream = 100, Requests = 30, Refunded = 5, AdjustedDown = 7 });

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        var today = new DateTimeOffset(until.UtcDateTime.Date, TimeSpan.Zero);
        return new(
        [
            new BookLine(today.AddDays(-20), new BookTotals { Running = 1_000 }),
            new BookLine(today.AddDays(-3), new BookTotals { Refunded = 400 }),
            new BookLine(today, new BookTotals { PaidByWallet = 50, Requests = 30, Refunded = 5 }),
        ]);
    }

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) =>
        new(new BookTotals { PaidByStream = 5_000, Requests = 2_000 });
}
