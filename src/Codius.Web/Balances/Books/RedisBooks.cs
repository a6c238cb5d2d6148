using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Books;

/// <summary>The books as the ledger's scripts write them.</summary>
internal sealed class RedisBooks(RedisStore store, LedgerHealth health, TimeProvider time) : IBooks
{
    // The store's clock may be ahead of this one.
    private const int HoursAhead = 2;

    // How many days a script may move to the days while they are read.
    private const int DaysMovedAtOnce = 2;

    private readonly IDatabase _database = store.Connection.GetDatabase();

    public ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation) =>
        ReadAsync(async () => Statement.Page(
            await _database.HashGetAllAsync(BalanceKeys.Books(BalanceKeys.Account(account))[2]), cursor, size), cancellation);

    public ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<StatementEntry>>(async () =>
        {
            RedisValue[] fields = [.. ids.Select(id => (RedisValue)id)];
            var texts = await _database.HashGetAsync(BalanceKeys.Books(BalanceKeys.Account(account))[2], fields);
            return [.. fields.Zip(texts).Where(pair => !pair.Second.IsNull)
                .Select(pair => Statement.Parse(new HashEntry(pair.First, pair.Second)))];
        }, cancellation);

    public ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation) =>
        ReadAsync(async () => (await CurrentAsync(account))?.Since(BookSnapshot.Zero), cancellation);

    public ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<BookLine>>(async () =>
        {
            var books = BalanceKeys.Books(BalanceKeys.Account(account));
            return await LinesAsync(await CurrentAsync(account), books[0], books[1], step, from, until);
        }, cancellation);

    public ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<BookLine>>(async () =>
        {
            var books = BalanceKeys.Books(BalanceKeys.HostBooks);
            return await LinesAsync(await HostAsync(), books[0], books[1], step, from, until);
        }, cancellation);

    public ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation) =>
        ReadAsync(async () => ((await HostAsync()) ?? BookSnapshot.Zero).Since(BookSnapshot.Zero), cancellation);

    private long ThisHour => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private async Task<BookSnapshot?> CurrentAsync(AccountId account)
    {
        var fields = await _database.HashGetAsync(BalanceKeys.Account(account), ["totals", "credited", "spent"]);
        return fields[1].IsNull ? null : BookSnapshot.OfTotals((string?)fields[0] ?? "", Units(fields[1]), Units(fields[2]), ThisHour);
    }

    private async Task<BookSnapshot?> HostAsync() =>
        (string?)await _database.HashGetAsync(BalanceKeys.HostBooks, BalanceKeys.HostTotals) is { } text ? BookSnapshot.OfLine(text) : null;

    // In this order: what moves from one list to the next meanwhile is read twice rather than never.
    private async Task<IReadOnlyList<BookLine>> LinesAsync(
        BookSnapshot? current, RedisKey hours, RedisKey days, BookStep step, DateTimeOffset from, DateTimeOffset until)
    {
        if (current is null) return [];
        var since = Math.Max(0, ThisHour - (from.ToUnixTimeSeconds() / 3600)) + HoursAhead;
        var ofHours = await _database.ListRangeAsync(hours, -(since + 1));
        List<BookSnapshot> snapshots = [.. ofHours.Select(line => BookSnapshot.OfLine(line!)), current];
        // With as many hours as were asked for, the first of them is what was before.
        if (ofHours.Length > since) return BookLines.Of(BookLines.InOrder(snapshots), step, from, until, BookSnapshot.Zero);
        var ofDays = (await _database.ListRangeAsync(days, step == BookStep.Day ? -((since / 24) + 2) : -DaysMovedAtOnce - 1))
            .Select(line => BookSnapshot.OfLine(line!)).ToArray();
        if (step == BookStep.Day)
            return BookLines.Of(BookLines.InOrder([.. ofDays, .. snapshots]), step, from, until, BookSnapshot.Zero);
        // A day is no line of the hours, but what was before them.
        var hoursInOrder = BookLines.InOrder(snapshots);
        var before = ofDays.LastOrDefault(day => day.Hour < hoursInOrder[0].Hour) ?? BookSnapshot.Zero;
        return BookLines.Of(hoursInOrder, step, from, until, before);
    }

    private async ValueTask<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await read();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("books", trouble);
            throw new LedgerUnavailableException("The ledger is unavailable.", trouble);
        }
    }

    private static UInt128 Units(RedisValue text) => UInt128.Parse((string)text!, NumberStyles.None, CultureInfo.InvariantCulture);
}
