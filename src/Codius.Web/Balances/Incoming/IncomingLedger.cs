using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Incoming;

/// <summary>Keeps incoming payments beside the account they pay; what arrives on them is written by the credit of each packet.</summary>
internal sealed class IncomingLedger(RedisStore store, LedgerScripts scripts, LedgerHealth health)
{
    /// <summary>How long a payment can still be read after its end.</summary>
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(1);

    private static readonly RedisValue[] Fields = ["incomingAmount", "received", "completed", "expiresAt", "document"];
    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>Keeps a new payment; false if the account has <paramref name="mostOpen"/> already. Safe to repeat.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be asked; nobody was told of the payment yet.</exception>
    public async ValueTask<bool> CreateAsync(IncomingRecord payment, int mostOpen)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.CreateIncoming,
            [BalanceKeys.IncomingPayment(payment.Account, payment.Id), BalanceKeys.IncomingPayments(payment.Account)],
            [
                payment.Id.ToString("D", CultureInfo.InvariantCulture), payment.IncomingAmount?.ToString(CultureInfo.InvariantCulture) ?? "",
                payment.ExpiresAt.ToUnixTimeMilliseconds(), payment.Document, mostOpen, (payment.ExpiresAt + KeptAfterEnd).ToUnixTimeMilliseconds(),
            ]);
        return (answer ?? throw Unavailable(null))[0] == "created";
    }

    /// <summary>The payment as it stands; null if it never was or is forgotten.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be asked.</exception>
    public async ValueTask<IncomingRecord?> FindAsync(AccountId account, Guid id)
    {
        var values = await AskAsync(() => _database.HashGetAsync(BalanceKeys.IncomingPayment(account, id), Fields));
        return Read(account, id, values);
    }

    /// <summary>Takes no more money on it; null if there is none. Safe to repeat.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be asked.</exception>
    public async ValueTask<IncomingRecord?> CompleteAsync(AccountId account, Guid id)
    {
        var answer = await scripts.TryRunAsync(LedgerScript.CompleteIncoming, [BalanceKeys.IncomingPayment(account, id)], []);
        return (answer ?? throw Unavailable(null))[0] == "completed" ? await FindAsync(account, id) : null;
    }

    /// <summary>All payments of an account that have not ended.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be asked.</exception>
    public async ValueTask<IReadOnlyList<IncomingRecord>> ListAsync(AccountId account)
    {
        var ids = await AskAsync(() => _database.SortedSetRangeByRankAsync(BalanceKeys.IncomingPayments(account)));
        var found = await Task.WhenAll(ids.Select(id => FindAsync(account, Guid.Parse((string)id!)).AsTask()));
        return [.. found.OfType<IncomingRecord>()];
    }

    private static IncomingRecord? Read(AccountId account, Guid id, RedisValue[] values)
    {
        if (values[1].IsNull) return null;
        var amount = (string?)values[0];
        return new IncomingRecord(id, account, string.IsNullOrEmpty(amount) ? null : Units(amount), Units((string)values[1]!), values[2] == "1",
            DateTimeOffset.FromUnixTimeMilliseconds((long)values[3]), (string)values[4]!);
    }

    private static ulong Units(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = await ask();
            health.Answered();
            return answer;
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException or ObjectDisposedException)
        {
            health.Failed("incoming payments", trouble);
            throw Unavailable(trouble);
        }
    }

    private static LedgerUnavailableException Unavailable(Exception? cause) => new("Incoming payments cannot be read or written.", cause);
}
