namespace Codius.Web.Balances.Books;

/// <summary>The books as the ledger's scripts write them.</summary>
internal sealed class RedisBooks : IBooks
{
    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation) =>
        throw new NotImplementedException();

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        throw new NotImplementedException();

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) =>
        throw new NotImplementedException();

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) => throw new NotImplementedException();

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) => throw new NotImplementedException();
}
