using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Incoming;

/// <summary>Stores incoming payments beside the account they pay; the credit of each packet adds to what they received.</summary>
internal sealed class IncomingLedger(RedisStore store, LedgerScripts scripts, LedgerHealth health)
{
    /// <summary>How long a payment can still be read after its end.</summary>
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(1);

    private static readonly RedisValue[] Ended = ["completed", "received"];
    private static readonly RedisValue[] Fields = ["incomingAmount", "received", "completed", "expiresAt", "document"];
    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>Stores a new payment. Safe to repeat.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="mostOpen">How many the account may have open; those that are fully paid or completed count until they expire.</param>
    /// <param name="client">The creator's identity.</param>
    /// <param name="mostOfClient">How many of them this client may have made; those that were paid and are completed do not count.</param>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; the payment was not published yet.</exception>
    public async ValueTask<IncomingOutcome> CreateAsync(IncomingRecord payment, int mostOpen, string client, int mostOfClient)
    {
        var ofClient = BalanceKeys.IncomingPaymentsOf(payment.Account, client);
        var outcome = await TryCreateAsync(payment, mostOpen, ofClient, mostOfClient);
        return outcome == IncomingOutcome.TooManyOfClient && await RemovePaidAsync(payment.Account, ofClient)
            ? await TryCreateAsync(payment, mostOpen, ofClient, mostOfClient)
            : outcome;
    }

    /// <summary>The payment's current state; null if it never existed or is deleted.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingRecord?> FindAsync(AccountId account, Guid id)
    {
        var values = await QueryAsync(() => _database.HashGetAsync(BalanceKeys.IncomingPayment(account, id), Fields));
        return Read(account, id, values);
    }

    /// <summary>Completes a payment, so that it accepts no more money; null if it does not exist. Safe to repeat.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IncomingRecord?> CompleteAsync(AccountId account, Guid id)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.CompleteIncoming, [BalanceKeys.IncomingPayment(account, id)], []);
        return (answer ?? throw Unavailable(null))[0] == "completed" ? await FindAsync(account, id) : null;
    }

    /// <summary>All payments of an account that have not expired.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<IncomingRecord>> ListAsync(AccountId account)
    {
        var ids = await QueryAsync(() => _database.SortedSetRangeByRankAsync(BalanceKeys.IncomingPayments(account)));
        var found = await Task.WhenAll(ids.Select(id => FindAsync(account, Guid.Parse((string)id!)).AsTask()));
        return [.. found.OfType<IncomingRecord>()];
    }

    private async ValueTask<IncomingOutcome> TryCreateAsync(IncomingRecord payment, int mostOpen, RedisKey ofClient, int mostOfClient)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.CreateIncoming,
            [BalanceKeys.IncomingPayment(payment.Account, payment.Id), BalanceKeys.IncomingPayments(payment.Account), ofClient],
            [
                payment.Id.ToString("D", CultureInfo.InvariantCulture),
                payment.IncomingAmount?.ToString(CultureInfo.InvariantCulture) ?? "",
                payment.ExpiresAt.ToUnixTimeMilliseconds(),
                payment.Document,
                mostOpen,
                (payment.ExpiresAt + KeptAfterEnd).ToUnixTimeMilliseconds(),
                mostOfClient,
            ]);
        return (string?)(answer ?? throw Unavailable(null))[0] switch
        {
            "created" => IncomingOutcome.Created,
            "toomany" => IncomingOutcome.TooManyOfAccount,
            _ => IncomingOutcome.TooManyOfClient,
        };
    }

    /// <summary>Removes payments that were paid and are completed from a client's index; false if there were none.</summary>
    private Task<bool> RemovePaidAsync(AccountId account, RedisKey ofClient) => QueryAsync(async () =>
    {
        var ids = await _database.SortedSetRangeByRankAsync(ofClient);
        var states = await Task.WhenAll(
            ids.Select(id => _database.HashGetAsync(BalanceKeys.IncomingPayment(account, Guid.Parse((string)id!)), Ended)));
        // Completed alone is not enough: completing is free, and a completed payment is stored until it expires.
        var paid = ids.Where((_, at) =>
            states[at] is [var completed, { IsNull: false } received] && completed == "1" && received != "0").ToArray();
        return paid.Length > 0 && await _database.SortedSetRemoveAsync(ofClient, paid) > 0;
    });

    private static IncomingRecord? Read(AccountId account, Guid id, RedisValue[] values)
    {
        if (values[1].IsNull) return null;
        var amount = (string?)values[0];
        return new IncomingRecord(
            id, account, string.IsNullOrEmpty(amount) ? null : Units(amount), Units((string)values[1]!), values[2] == "1",
            DateTimeOffset.FromUnixTimeMilliseconds((long)values[3]), (string)values[4]!);
    }

    private static ulong Units(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task<T> QueryAsync<T>(Func<Task<T>> query)
    {
        try
        {
            return await query();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("incoming payments", trouble);
            throw Unavailable(trouble);
        }
    }

    private static LedgerUnavailableException Unavailable(Exception? cause) => new("Incoming payments cannot be read or written.", cause);
}
