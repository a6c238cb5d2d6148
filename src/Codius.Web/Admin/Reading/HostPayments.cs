using System.Buffers.Text;
using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Balances.Marks;

namespace Codius.Web.Admin.Reading;

/// <summary>A payment into an account of the host.</summary>
/// <param name="Account">The account that was paid.</param>
/// <param name="Way">stream, receipt or wallet.</param>
/// <param name="Reference">Its id, the connection's or the receipt's nonce; null for a packet that was found by its condition.</param>
/// <param name="LastAt">When it last grew, to a minute; null for a packet that was found by its condition.</param>
/// <param name="Entry">Its entry in the account's statement; null if that has it no more.</param>
internal sealed record PaymentRow(string Account, string Way, string? Reference, DateTimeOffset? LastAt, StatementEntry? Entry);

/// <summary>A part of the payments, and the cursor of what follows.</summary>
internal sealed record PaymentPage(IReadOnlyList<PaymentRow> Rows, string? Next);

/// <summary>Which payments are wanted; null for any.</summary>
internal sealed record PaymentQuery(
    string? Cursor, int Size, string? Way = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>Reads the payments of the whole host.</summary>
/// <remarks>All of it throws <see cref="LedgerUnavailableException"/> while the store is unavailable.</remarks>
internal sealed class HostPayments(PaymentIndex index, IBooks books, CreditMarks marks, TimeProvider time)
{
    /// <summary>How many accounts a packet is looked for in: those that were paid last.</summary>
    public const int MostAccounts = 5_000;

    private const int MostFound = 20;
    private const int MostRead = 1_000; // of which a filter leaves few
    private const int AtOnce = 500;

    // A packet ends within five minutes, its mark a minute later, and the time of its payment is to a minute.
    private static readonly TimeSpan MarksKept = TimeSpan.FromMinutes(8);

    /// <summary>A page of the newest payments; null if the cursor is none.</summary>
    public async ValueTask<PaymentPage?> ReadAsync(PaymentQuery query, CancellationToken cancellation)
    {
        long? before = null;
        if (query.Cursor is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var place)) return null;
            before = place;
        }
        var (found, read) = (new List<IndexedPayment>(), 0);
        while (true)
        {
            var some = await index.ReadAsync(before, query.From, query.Until, query.Size + 1);
            foreach (var payment in some)
            {
                if (found.Count == query.Size) return await PageAsync(found, before, cancellation);
                before = payment.Place;
                if (query.Way is null || query.Way == payment.Payment.Way) found.Add(payment);
            }
            read += some.Count;
            if (some.Count <= query.Size) return await PageAsync(found, null, cancellation);
            if (read >= MostRead) return await PageAsync(found, before, cancellation);
        }
    }

    /// <summary>The payments with a reference: an incoming payment's or a connection's id, or a receipt's nonce.</summary>
    public async ValueTask<IReadOnlyList<PaymentRow>> ByReferenceAsync(string reference, CancellationToken cancellation) =>
        await RowsAsync(await index.FindAsync(reference, MostFound), cancellation);

    /// <summary>The payments with a receipt's nonce (16 bytes).</summary>
    public ValueTask<IReadOnlyList<PaymentRow>> ByNonceAsync(byte[] nonce, CancellationToken cancellation) =>
        ByReferenceAsync(Base64Url.EncodeToString(nonce), cancellation);

    /// <summary>The account that was credited a packet with an execution condition (32 bytes) in the last minutes.</summary>
    public async ValueTask<IReadOnlyList<PaymentRow>> ByConditionAsync(byte[] condition, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - MarksKept;
        var newest = await index.ReadAsync(null, since, null, MostAccounts);
        foreach (var accounts in newest.Where(each => each.Payment.Way == "stream").Select(each => each.Payment.Account).Distinct()
            .Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            var has = await Task.WhenAll(accounts.Select(account => marks.HasPacketAsync(account, condition)));
            var at = Array.IndexOf(has, true);
            if (at >= 0) return [new PaymentRow(accounts[at].ToString(), "stream", null, null, null)];
        }
        return [];
    }

    private async ValueTask<PaymentPage> PageAsync(List<IndexedPayment> found, long? next, CancellationToken cancellation) =>
        new(await RowsAsync(found, cancellation), next?.ToString(CultureInfo.InvariantCulture));

    private async ValueTask<IReadOnlyList<PaymentRow>> RowsAsync(IReadOnlyList<IndexedPayment> found, CancellationToken cancellation)
    {
        var entries = await Task.WhenAll(found.GroupBy(each => each.Payment.Account).Select(async account => (
            account.Key,
            Entries: await books.FindEntriesAsync(account.Key, [.. account.Select(each => each.Payment.EntryId)], cancellation))));
        var byId = entries.SelectMany(account => account.Entries.Select(entry => (account.Key, Entry: entry)))
            .ToDictionary(each => (each.Key, each.Entry.Id), each => each.Entry);
        return [.. found.Select(each => new PaymentRow(each.Payment.Account.ToString(), each.Payment.Way, each.Payment.Reference,
            each.LastAt, byId.GetValueOrDefault((each.Payment.Account, each.Payment.EntryId))))];
    }
}
