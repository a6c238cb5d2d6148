using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// Reserves the price of a deploy until the cluster has it. The reservation is a lease of its own in the ledger, so after a crash of
/// every gateway the money returns after <see cref="Lifetime"/>. Beside the account, one hash per app holds a note for each deploy in
/// progress (<c>lease price</c>) and the last one that was paid (<c>done</c>): so any replica commits what another reserved, and
/// concurrent requests for the same deploy, <c>PUT</c> and webhook, share one reservation and one price.
/// </summary>
internal sealed partial class DeployReservations(
    IBalanceLedger ledger, DeployFunds funds, RedisStore store, DeployPrice prices, StoreTime storeTime, TimeProvider time,
    ILogger<DeployReservations> log)
{
    /// <summary>How long a cluster may take to show the deploy.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>How many deploys of one account may wait for their apps to appear.</summary>
    public const int MostOpen = 16;

    private const string Done = "done";
    private const int Tries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    // Of two callers in this gateway that end the same deploy, PUT and the catalog's watch, the second waits until the first has
    // moved the money: once PUT has answered, it is spent. Deploys that share a semaphore by chance lose a millisecond.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>
    /// Reserves the price of this deploy, unless it is; <see cref="ReserveOutcome.Recalled"/> means that another deploy holds the money.
    /// </summary>
    public async ValueTask<ReserveOutcome> ReserveAsync(Deploy deploy, ulong price, CancellationToken cancellation)
    {
        if (price == 0) return ReserveOutcome.Reserved;
        try
        {
            var (outcome, beginsAfter) = await ReserveOnceAsync(deploy, price, 0, cancellation);
            return outcome ?? (await ReserveOnceAsync(deploy, price, beginsAfter, cancellation)).Outcome ?? ReserveOutcome.Unavailable;
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble) || trouble is LedgerUnavailableException)
        {
            return ReserveOutcome.Unavailable;
        }
    }

    /// <summary>The deploy exists: the price is spent. Any replica may call this, and again.</summary>
    public ValueTask CommitAsync(Deploy deploy) => EndAsync(deploy, isPaid: true);

    /// <summary>The deploy was refused: the money is returned. Does nothing after <see cref="CommitAsync"/>.</summary>
    public ValueTask VoidAsync(Deploy deploy) => EndAsync(deploy, isPaid: false);

    /// <summary>The app was deleted: the same deploy is a new one now.</summary>
    public async ValueTask ForgetAsync(AccountId account, string name)
    {
        try
        {
            await Database.HashDeleteAsync(Key(account, name), Done);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            LogNotSettled(trouble, name, account);
        }
    }

    private async ValueTask EndAsync(Deploy deploy, bool isPaid)
    {
        // Deploys cost nothing: there is no note, and nothing to read.
        if (prices.Least == 0) return;
        var turn = _turns[(uint)deploy.GetHashCode() % _turns.Length];
        await turn.WaitAsync();
        try
        {
            if ((await ReadAsync(deploy)).Note is not { } note) return;
            var (key, transaction) = (Key(deploy.Account, deploy.Name), Database.CreateTransaction());
            var removed = transaction.HashDeleteAsync(key, deploy.Hash);
            if (isPaid)
            {
                _ = transaction.HashSetAsync(key, Done, deploy.Hash);
                _ = transaction.KeyExpireAsync(key, Lifetime);
            }
            // Of all callers the one that removes the note settles. A crash right here: the lease expires, the payer has the money
            // back, and the host has deployed for nothing.
            if (await transaction.ExecuteAsync() && await removed) await SettleAsync(deploy, note, isPaid ? note.Price : 0);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            LogNotSettled(trouble, deploy.Name, deploy.Account);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// No outcome if there was a note whose lease has ended, which is removed; then with the time after which the account's next may begin.
    /// </summary>
    private async ValueTask<(ReserveOutcome? Outcome, long BeginsAfter)> ReserveOnceAsync(
        Deploy deploy, ulong price, long beginsAfter, CancellationToken cancellation)
    {
        var (there, paid) = await ReadAsync(deploy);
        if (paid) return (ReserveOutcome.Reserved, 0);
        // The funds come before the note: a token that can pay nothing leaves nothing in the store.
        if (there is null && await funds.ReadAsync(deploy.Account, cancellation) < price) return (ReserveOutcome.NotEnough, 0);
        // The note comes before the lease: concurrent requests for this deploy use the same lease, and to request it twice grants it
        // once. A note that is there lives as long from now on as its lease, which is renewed, too: without it the deploy was free.
        if (await NoteAsync(deploy, price, beginsAfter) is not { } note) return (ReserveOutcome.Reserved, 0);
        var lease = await RetryAsync(() => ledger.LeaseAsync(
            new LeaseRequest(deploy.Account, note.LeaseId, 1, 0, note.Price, note.Price, Lifetime: Lifetime, MostLeases: MostOpen),
            cancellation),
            cancellation);
        storeTime.Learn(lease.Now);
        if (lease.Outcome == LeaseOutcome.Granted) return (ReserveOutcome.Reserved, 0);
        if (lease.Outcome != LeaseOutcome.Swept) return (Refusal(lease.Outcome), 0);
        // Another request has paid or given up since; or the lease has expired, and another deploy of the app renewed the note; or the
        // note was too old for its lease to begin. Only this note is removed, never one that came after it; of an ended lease nothing can
        // be settled. A crash right here: the money is the payer's, and the next request makes a new note.
        if ((await ReadAsync(deploy)).Paid) return (ReserveOutcome.Reserved, 0);
        var transaction = Database.CreateTransaction();
        transaction.AddCondition(Condition.HashEqual(Key(deploy.Account, deploy.Name), deploy.Hash, note.ToString()));
        _ = transaction.HashDeleteAsync(Key(deploy.Account, deploy.Name), deploy.Hash);
        await transaction.ExecuteAsync();
        return (null, lease.StoreTime);
    }

    /// <summary>Creates the note of this deploy, or renews another request's; null if that request has paid and removed it.</summary>
    private async ValueTask<Note?> NoteAsync(Deploy deploy, ulong price, long beginsAfter)
    {
        var key = Key(deploy.Account, deploy.Name);
        var mine = new Note(storeTime.NewLeaseId(beginsAfter), price);
        while (true)
        {
            // Never beside what is paid: since it was read, another request may have paid, and each gateway that sees the app commits
            // whatever note it finds.
            var transaction = Database.CreateTransaction();
            transaction.AddCondition(Condition.HashNotEqual(key, Done, deploy.Hash));
            var isMine = transaction.HashSetAsync(key, deploy.Hash, mine.ToString(), When.NotExists);
            _ = transaction.KeyExpireAsync(key, Lifetime);
            if (await transaction.ExecuteAsync() && await isMine) return mine;
            // Not executed, and neither paid nor noted: something else of the app changed meanwhile.
            var (note, paid) = await ReadAsync(deploy);
            if (paid || note is not null) return paid ? null : note;
        }
    }

    private async ValueTask<(Note? Note, bool Paid)> ReadAsync(Deploy deploy)
    {
        var fields = await Database.HashGetAsync(Key(deploy.Account, deploy.Name), [deploy.Hash, Done]);
        return (Note.Read(fields[0]), fields[1] == deploy.Hash);
    }

    private async ValueTask SettleAsync(Deploy deploy, Note note, ulong used)
    {
        var step = new LeaseRequest(deploy.Account, note.LeaseId, 2, used, 0, 0, Return: true, IsDeploy: true);
        var settled = await RetryAsync(() => ledger.LeaseAsync(step, CancellationToken.None), CancellationToken.None);
        if (settled.Outcome == LeaseOutcome.Granted) BalanceMetrics.Debit(used, "deploys");
        else if (settled.Outcome == LeaseOutcome.Unavailable) LogNotSettled(null, deploy.Name, deploy.Account);
    }

    /// <summary>Repeats the request with the same lease and step while the answer is lost.</summary>
    private async ValueTask<LeaseResult> RetryAsync(Func<ValueTask<LeaseResult>> request, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var result = await request();
            if (result.Outcome != LeaseOutcome.Unavailable || tries == Tries) return result;
            await Task.Delay(BetweenTries, time, cancellation);
        }
    }

    private static ReserveOutcome Refusal(LeaseOutcome outcome) => outcome switch
    {
        LeaseOutcome.NotEnough => ReserveOutcome.NotEnough,
        LeaseOutcome.Recalled => ReserveOutcome.Recalled,
        _ => ReserveOutcome.Unavailable,
    };

    private static RedisKey Key(AccountId account, string name) => $"{BalanceKeys.Account(account)}:deploys:{name}";

    [LoggerMessage(LogLevel.Error,
        "The deploy of {App} could not be settled with {Account}; its price goes back when the reservation ends")]
    private partial void LogNotSettled(Exception? trouble, string app, AccountId account);

    /// <summary>Stored beside the account: the lease and the price it holds.</summary>
    private readonly record struct Note(string LeaseId, ulong Price)
    {
        public static Note? Read(string? text) =>
            text?.Split(' ') is [var lease, var price] ? new Note(lease, ulong.Parse(price, CultureInfo.InvariantCulture)) : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LeaseId} {Price}");
    }
}
