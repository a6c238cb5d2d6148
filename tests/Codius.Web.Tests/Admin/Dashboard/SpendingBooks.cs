using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Fake books of accounts that all spend the same in every hour.</summary>
internal sealed class SpendingBooks(ulong anHour) : IBooks
{
    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation) =>
        new(new StatementPage([], null));

    public ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation) => new([]);

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) => new((BookTotals?)null);

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        // Of the time that has passed, whatever minute it is.
        new([new BookLine(from, new BookTotals { Requests = (ulong)(anHour * (until - from).TotalHours) })]);

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) => new([]);

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) => new(new BookTotals());
}
