using System.Globalization;
using System.Net;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Secrets;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.WalletPayments;

/// <summary>
/// Which payments at the host's receiving wallet the gateways look at, and when: at once after a hint, then 1, 2, 4 ... 30 s apart, and
/// for the last time 5 s after the payment's end. Any gateway works it off; what one claimed and did not finish is due again.
/// </summary>
/// <remarks>
/// No money is here. A look that is late, lost or doubled changes when something is credited and never how much; a payment is forgotten
/// only when it ended, so none that may still receive money is.
/// </remarks>
internal sealed class WalletPaymentSchedule(
    RedisStore store, LedgerScripts scripts, LedgerHealth health, HostSecrets secrets, IOptions<WalletPaymentOptions> options)
{
    /// <summary>How long after its end an open payment is looked at for the last time: its last packets have arrived by then.</summary>
    public static readonly TimeSpan LastLookAfter = TimeSpan.FromSeconds(5);

    /// <summary>The least between two looks at a payment, however many hints there are.</summary>
    public static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the total of a forgotten payment is kept: a look that was under way elsewhere takes seconds.</summary>
    public static readonly TimeSpan TotalOfForgotten = TimeSpan.FromDays(1);

    private const int ClosingInState = 5;

    private readonly ClientHash _clients = new(secrets, "clients of wallet payments");
    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>For tests only: how far the schedule is ahead of the store's clock.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Keeps a payment that was made at the wallet. Before the payer gets its answer.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="from">The client it counts for; null if not known.</param>
    /// <param name="hot">True if no hints will come, so that its first looks go before those at idle ones.</param>
    /// <returns>False if there is no room for it, or its client has too many; then nothing is kept.</returns>
    /// <exception cref="ArgumentException">A part of it is too long.</exception>
    /// <exception cref="LedgerUnavailableException">
    /// The store is unavailable. If it kept the payment all the same, it is looked at until its end, without harm.
    /// </exception>
    public async ValueTask<bool> TryOpenAsync(WalletPayment payment, IPAddress? from, bool hot)
    {
        var client = _clients.Of(from);
        // By client too, so that what a stranger makes for an app does not delay its payers. Accounts of deploy tokens are invented for
        // nothing, so whoever pays many of them must not get as many turns.
        var group = payment.Account.IsDeployToken ? "@" + client : $"{payment.Account}@{client}";
        // On the connection for credits: a payer will rely on it, as on a credit.
        var answer = await RunAsync(LedgerScript.OpenLook, credits: true, IncomingLedger.IdOf(payment.Id), group, client,
            payment.ExpiresAt.ToUnixTimeMilliseconds(), payment.ToText(), hot, options.Value.MostOpen);
        return answer[0] != "full";
    }

    /// <summary>The payment; null if it was forgotten or is about to be completed.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<WalletPayment?> FindAsync(Guid id)
    {
        var field = IncomingLedger.IdOf(id);
        var found = await ReadAsync(() => Task.WhenAll(
            _database.HashGetAsync(BalanceKeys.WalletPayments[0], field), _database.HashGetAsync(BalanceKeys.WalletPayments[1], field)));
        return found is [{ IsNull: false } record, { IsNull: false } state] && ((string)state!).Split(',')[ClosingInState] == "0"
            ? WalletPayment.Parse(id, (string)record!)
            : null;
    }

    /// <summary>The payment should be looked at now: its payer did something. Best effort; it is looked at without hints too.</summary>
    public async ValueTask HintAsync(Guid id) =>
        await scripts.TryRunAsync(LedgerScript.HintLook, BalanceKeys.WalletPayments,
            [AheadMilliseconds, IncomingLedger.IdOf(id), "hint", (long)LeastPause.TotalMilliseconds]);

    /// <summary>The payment is to be completed at the wallet: it is due at once, and not found any more.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask CloseAsync(Guid id) =>
        await RunAsync(LedgerScript.HintLook, credits: false, IncomingLedger.IdOf(id), "close", (long)LeastPause.TotalMilliseconds);

    /// <summary>Claims payments that are due: hot ones first, one in four an idle one; by turns of account and client.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="heldFor">A claim that is not finished is due again after this.</param>
    /// <returns>What to look at, and when the next one is due, unless a hint comes before.</returns>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<(IReadOnlyList<DueLook> Looks, TimeSpan? Next)> ClaimAsync(int most, TimeSpan heldFor)
    {
        var answer = await RunAsync(LedgerScript.ClaimLooks, credits: false, most, (long)heldFor.TotalMilliseconds);
        var looks = answer.Skip(1).Chunk(5).Select(look => new DueLook(
            WalletPayment.Parse(Guid.Parse((string)look[0]!), (string)look[1]!), (int)look[2], look[3] == "1", (string)look[4]!,
            DateTimeOffset.UnixEpoch.AddMicroseconds((double)look[4])));
        return ([.. looks], (string?)answer[0] is { Length: > 0 } wait
            ? TimeSpan.FromMilliseconds(long.Parse(wait, CultureInfo.InvariantCulture))
            : null);
    }

    /// <summary>Ends a claim. Best effort: a claim whose result is lost ends by itself, and the payment is looked at again.</summary>
    public async ValueTask LookedAsync(DueLook look, LookResult result)
    {
        var (id, isEnded) = (IncomingLedger.IdOf(look.Payment.Id), result.Outcome == LookOutcome.Ended);
        // Forgotten on the replicas too before its total may end: one that a failover brought back would be credited again without it.
        var answer = await scripts.TryRunAsync(LedgerScript.EndLook, BalanceKeys.WalletPayments,
        [
            AheadMilliseconds, id, look.Claim, Word(result.Outcome), (long)result.After.TotalMilliseconds,
            (long)LeastPause.TotalMilliseconds, (long)LastLookAfter.TotalMilliseconds,
        ], credits: isEnded);
        // A crash before it: the total is kept for as long as the payment is counted, which costs memory and no money.
        if (!isEnded || answer is null) return;
        await scripts.TryRunAsync(LedgerScript.EndTotal,
            [BalanceKeys.Account(look.Payment.Account), .. BalanceKeys.WalletTotals(look.Payment.Account)],
            [id, (long)TotalOfForgotten.TotalMilliseconds]);
    }

    /// <summary>How many payments are kept: the open ones and those that are about to be completed.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<long> CountAsync() => await ReadAsync(() => _database.HashLengthAsync(BalanceKeys.WalletPayments[1]));

    /// <summary>
    /// How many payments are open, how many are about to be completed, and how many accounts, each by client, have a payment whose look is
    /// due: by this gateway's clock, for people.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<(long Open, long Closing, long Due)> CountsAsync(DateTimeOffset now)
    {
        var keys = BalanceKeys.WalletPayments;
        var micros = (now + Ahead - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        var counts = await ReadAsync(() => Task.WhenAll(
            _database.HashLengthAsync(keys[1]), _database.SortedSetLengthAsync(keys[8]),
            _database.SortedSetLengthAsync(keys[5], double.NegativeInfinity, micros),
            _database.SortedSetLengthAsync(keys[7], double.NegativeInfinity, micros)));
        return (Math.Max(0, counts[0] - counts[1]), counts[1], counts[2] + counts[3]);
    }

    private long AheadMilliseconds => (long)Ahead.TotalMilliseconds;

    private static string Word(LookOutcome outcome) => outcome switch
    {
        LookOutcome.Unchanged => "unchanged",
        LookOutcome.Increased => "increased",
        LookOutcome.Failed => "failed",
        LookOutcome.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private async ValueTask<RedisValue[]> RunAsync(LedgerScript script, bool credits, params RedisValue[] arguments) =>
        await scripts.TryRunAsync(script, BalanceKeys.WalletPayments, [AheadMilliseconds, .. arguments], credits)
        ?? throw Unavailable(null);

    private async ValueTask<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("wallet payments", trouble);
            throw Unavailable(trouble);
        }
    }

    private static LedgerUnavailableException Unavailable(Exception? cause) => new("Wallet payments cannot be read or written.", cause);
}
