using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.HostPayments;

/// <summary>A payment of the index.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="LastAt">When it last grew, to a minute.</param>
/// <param name="Place">Its place in the order: that of a newer payment is higher.</param>
internal sealed record IndexedPayment(PaymentId Payment, DateTimeOffset LastAt, long Place);

/// <summary>
/// The newest payments of the host, of all accounts, by time and by reference, in a slot of their own. There is no amount here: that is
/// in the account's statement. One that is missing is of less than a request costs, was displaced by newer ones, or its gateway crashed
/// within seconds of it.
/// </summary>
internal sealed class PaymentIndex(RedisStore store, LedgerScripts scripts, IOptions<IncomingOptions> options)
{
    private const int MostOfScript = 256;

    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>Notes payments that are new or grew, as the newest; false if the store did not answer. Safe to repeat.</summary>
    public async ValueTask<bool> NoteAsync(IReadOnlyCollection<PaymentId> payments)
    {
        foreach (var some in payments.Chunk(MostOfScript))
        {
            var answer = await scripts.TryRunAsync(LedgerScript.NotePayments, BalanceKeys.HostPayments,
                [options.Value.MostListedOfHost, .. some.Select(payment => (RedisValue)payment.ToText())]);
            if (answer is null) return false;
        }
        return true;
    }

    /// <summary>The newest payments, newest first.</summary>
    /// <param name="before">The place of the last payment that is not wanted any more; null for the first page.</param>
    /// <param name="from">None that last grew before this.</param>
    /// <param name="until">None that last grew after this.</param>
    /// <param name="size">How many at most.</param>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<IndexedPayment>> ReadAsync(long? before, DateTimeOffset? from, DateTimeOffset? until, int size)
    {
        var first = from is { } start ? MicrosecondsOf(start) : double.NegativeInfinity;
        var last = Math.Min(before ?? double.PositiveInfinity, until is { } end ? MicrosecondsOf(end) : double.PositiveInfinity);
        if (first >= last) return []; // the client library would swap them
        var found = await CallAsync(() => _database.SortedSetRangeByScoreWithScoresAsync(
            BalanceKeys.HostPayments[0], first, last, Exclude.Stop, Order.Descending, 0, size));
        return [.. found.Select(entry => new IndexedPayment(
            PaymentId.Parse((string)entry.Element!), DateTimeOffset.UnixEpoch.AddMicroseconds(entry.Score), (long)entry.Score))];
    }

    /// <summary>The payments with a reference: one, or some of different accounts or ways.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<IndexedPayment>> FindAsync(string reference, int most)
    {
        var (first, last) = PaymentId.RangeOf(reference);
        var found = await CallAsync(() => _database.SortedSetRangeByValueAsync(
            BalanceKeys.HostPayments[1], first, last, Exclude.Stop, take: most));
        var scores = await CallAsync(() => Task.WhenAll(
            found.Select(member => _database.SortedSetScoreAsync(BalanceKeys.HostPayments[0], member))));
        return [.. found.Zip(scores).Where(pair => pair.Second is not null).Select(pair => new IndexedPayment(
            PaymentId.Parse((string)pair.First!), DateTimeOffset.UnixEpoch.AddMicroseconds(pair.Second!.Value), (long)pair.Second.Value))];
    }

    private static double MicrosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalMicroseconds;

    private static Task<T> CallAsync<T>(Func<Task<T>> call) => StoreTrouble.TranslateAsync(call, "Payments cannot be read.");
}
