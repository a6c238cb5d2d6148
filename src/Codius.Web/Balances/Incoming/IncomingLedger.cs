using System.Globalization;
using System.Net;
using Codius.Web.Balances.Notes;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Incoming;

/// <summary>
/// The incoming payments beside the account they pay. The credit of a payment's first packet makes its record, later ones add to it; for
/// an unpaid one nothing is stored, except a note if it is completed.
/// </summary>
internal sealed class IncomingLedger(
    RedisStore store, LedgerScripts scripts, LedgerHealth health, BoundedNotes notes, IOptions<IncomingOptions> options)
{
    /// <summary>How long an account's payments are kept after the last one's first packet: longer than one lasts.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(32);

    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>The payment's current state; null if it was not paid, or was forgotten.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingRecord?> FindAsync(AccountId account, Guid id)
    {
        try
        {
            return Read(id, await _database.HashGetAsync(BalanceKeys.IncomingPayments(account)[0], IdOf(id)));
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("incoming payments", trouble);
            throw Unavailable(trouble);
        }
    }

    /// <summary>Completes a payment, so that it accepts no more money; null if it was not paid. Safe to repeat.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingRecord?> CompleteAsync(AccountId account, Guid id)
    {
        var keys = BalanceKeys.IncomingPayments(account);
        var answer = await scripts.TryRunAsync(LedgerScript.CompleteIncoming, [keys[0], keys[2]], [IdOf(id)]);
        return (answer ?? throw Unavailable(null))[0] == "completed" ? await FindAsync(account, id) : null;
    }

    /// <summary>
    /// Completes a payment that was not paid: its first packet will be refused. The note is in no account's slot, since accounts are
    /// invented for nothing.
    /// </summary>
    /// <remarks>
    /// A packet may be credited meanwhile. It looks for the note before it makes the record, and again after; this writes the note first
    /// and completes the record then: one of the two sees the other. A forgotten note: the payment can be paid until its end, and its
    /// account has the money.
    /// </remarks>
    /// <returns>The payment if it was paid meanwhile, completed; else null.</returns>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingRecord?> CompleteUnpaidAsync(AccountId account, Guid id, DateTimeOffset expiresAt, IPAddress? from)
    {
        await notes.TryAddAsync(NoteOf(id), from, expiresAt);
        return await CompleteAsync(account, id);
    }

    /// <summary>True if it was completed before anything was paid on it.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public ValueTask<bool> IsCompletedUnpaidAsync(Guid id) => notes.HasAsync(NoteOf(id));

    /// <summary>
    /// Counts the total of a connection with receipts, and deletes what the host keeps too many of. Best effort: one that is not counted
    /// ends by itself.
    /// </summary>
    /// <param name="total">Its key.</param>
    /// <param name="ends">When it ends, in milliseconds since 1970.</param>
    /// <param name="longest">How long one is kept at most.</param>
    public async ValueTask KeepTotalAsync(RedisKey total, RedisValue ends, TimeSpan longest)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.KeepTotal, [BalanceKeys.KeptTotals],
            [(string?)total, ends, options.Value.MostTotalsOfHost, (long)longest.TotalMilliseconds]);
        foreach (var displaced in (answer ?? []).Skip(1)) await DeleteAsync((RedisKey)(string)displaced!);
    }

    /// <summary>
    /// Counts what an account keeps after the first packet of a payment, and deletes what the host keeps too many of. Best effort: what is
    /// not counted now is with the account's next payment.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="count">How many payments it keeps.</param>
    /// <param name="credited">What was credited to it, in units, as decimal text.</param>
    public async ValueTask KeepAsync(AccountId account, RedisValue count, RedisValue credited)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.KeepIncoming, BalanceKeys.KeptPayments,
            [account.ToString(), count, credited, (long)Kept.TotalMilliseconds, options.Value.MostKeptOfHost]);
        foreach (var displaced in (answer ?? []).Skip(1))
            await DeleteAsync(BalanceKeys.IncomingPayments(AccountId.OfApp((string)displaced!)));
    }

    /// <summary>A page of the account's paid payments that one creator made.</summary>
    /// <param name="account">The account.</param>
    /// <param name="creator">The creator.</param>
    /// <param name="count">The most the page has.</param>
    /// <param name="cursor">The payment before the page, or behind it if <paramref name="back"/>.</param>
    /// <param name="back">True for the payments just before the cursor.</param>
    /// <returns>Null if the cursor is not among them.</returns>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingPage?> ListAsync(AccountId account, string creator, int count, Guid? cursor, bool back)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.ListIncoming, BalanceKeys.IncomingPayments(account)[..2],
            [creator, count, cursor is { } id ? IdOf(id) : "", back]);
        if ((answer ?? throw Unavailable(null))[0] == "nocursor") return null;
        var payments = answer[3..].Chunk(2).Select(pair => Read(Guid.Parse((string)pair[0]!), pair[1])!);
        return new IncomingPage([.. payments], answer[1] == "1", answer[2] == "1");
    }

    /// <summary>The payment's id as it is stored.</summary>
    public static string IdOf(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The payment's member in the lists of its account.</summary>
    public static string MemberOf(IncomingTerms payment) => string.Create(
        CultureInfo.InvariantCulture, $"{payment.Creator}:{payment.CreatedAt.ToUnixTimeMilliseconds():D13}:{IdOf(payment.Id)}");

    private async ValueTask DeleteAsync(params RedisKey[] keys)
    {
        try
        {
            await _database.KeyDeleteAsync(keys);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("incoming payments", trouble); // They stay until their end.
        }
    }

    private static string NoteOf(Guid id) => "completed:" + IdOf(id);

    private static IncomingRecord? Read(Guid id, RedisValue text)
    {
        if (text.IsNull) return null;
        var parts = ((string)text!).Split(',');
        return new IncomingRecord(id, ulong.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), parts[1] == "1", parts[5]);
    }

    private static LedgerUnavailableException Unavailable(Exception? cause) => new("Incoming payments cannot be read or written.", cause);
}
