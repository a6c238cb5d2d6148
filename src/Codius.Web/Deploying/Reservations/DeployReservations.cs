using System.Globalization;
using System.Security.Cryptography;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Deploying.Reservations;

/// <summary>
/// Sets the price of a deploy aside until the cluster has it. The money is a lease of its own in the ledger, so a crash of
/// every gateway gives it back after <see cref="Lifetime"/>; a note beside the account lets any replica commit what another
/// reserved, and lets <c>PUT</c> and the webhook behind it find the same reservation, so that a deploy is paid once.
/// </summary>
internal sealed partial class DeployReservations(IBalanceLedger ledger, RedisStore store, Prices prices, TimeProvider time, ILogger<DeployReservations> log)
{
    /// <summary>How long a cluster may take to show what was reserved for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private const int Tries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>Sets the price aside, or finds that it is; <see cref="ReserveOutcome.Recalled"/> means that another deploy holds the money.</summary>
    public async ValueTask<ReserveOutcome> ReserveAsync(Deploy deploy, CancellationToken cancellation)
    {
        if (prices.PerDeploy == 0) return ReserveOutcome.Reserved;
        try
        {
            if (await Database.KeyExistsAsync(Key(deploy))) return ReserveOutcome.Reserved;
            var note = new Note(Base32.Encode(RandomNumberGenerator.GetBytes(15)), prices.PerDeploy);
            var lease = await TryAsync(() => ledger.LeaseAsync(
                new LeaseRequest(deploy.Account, note.LeaseId, 1, 0, note.Price, note.Price, Lifetime: Lifetime), cancellation), cancellation);
            if (lease.Outcome != LeaseOutcome.Granted) return Refusal(lease.Outcome);
            // A crash before the note is written: the lease runs out and the money is back.
            if (!await Database.StringSetAsync(Key(deploy), note.ToString(), Lifetime, When.NotExists)) await SettleAsync(deploy, note, used: 0);
            return ReserveOutcome.Reserved;
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            return ReserveOutcome.Unavailable;
        }
    }

    /// <summary>The deploy is there: the price is used. Any replica may say so, and say so again.</summary>
    public ValueTask CommitAsync(Deploy deploy) => EndAsync(deploy, note => note.Price);

    /// <summary>The deploy was refused: the money is back. Does nothing after <see cref="CommitAsync"/>.</summary>
    public ValueTask VoidAsync(Deploy deploy) => EndAsync(deploy, static _ => 0);

    private async ValueTask EndAsync(Deploy deploy, Func<Note, ulong> used)
    {
        if (prices.PerDeploy == 0) return;
        try
        {
            if (!Note.TryParse(await Database.StringGetAsync(Key(deploy)), out var note)) return;
            // Settled before the note goes: a crash in between lets the next one settle again, which changes nothing.
            if (await SettleAsync(deploy, note, used(note))) await Database.KeyDeleteAsync(Key(deploy));
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            // The lease runs out: the payer has the money back, the host has deployed for nothing.
            LogNotSettled(trouble, deploy.Name, deploy.Account);
        }
    }

    private async ValueTask<bool> SettleAsync(Deploy deploy, Note note, ulong used)
    {
        // Always the lease's second step, so of a commit and a void the first one counts.
        var step = new LeaseRequest(deploy.Account, note.LeaseId, 2, used, 0, 0, Return: true);
        var settled = await TryAsync(() => ledger.LeaseAsync(step, CancellationToken.None), CancellationToken.None);
        if (settled.Outcome != LeaseOutcome.Unavailable) return true;
        LogNotSettled(null, deploy.Name, deploy.Account);
        return false;
    }

    /// <summary>Asks again with the same lease and step while the answer is lost.</summary>
    private async ValueTask<LeaseResult> TryAsync(Func<ValueTask<LeaseResult>> ask, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var result = await ask();
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

    private static RedisKey Key(Deploy deploy) => $"{BalanceKeys.Account(deploy.Account)}:deploy:{deploy.Name}:{deploy.Hash}";

    [LoggerMessage(LogLevel.Error, "The deploy of {App} could not be settled with {Account}; its price goes back when the reservation ends")]
    private partial void LogNotSettled(Exception? trouble, string app, AccountId account);

    /// <summary>What is written beside the account: the lease and the price it holds.</summary>
    private readonly record struct Note(string LeaseId, ulong Price)
    {
        public static bool TryParse(string? text, out Note note)
        {
            var good = text?.Split(' ') is [_, var price] && ulong.TryParse(price, CultureInfo.InvariantCulture, out _);
            note = good ? new Note(text!.Split(' ')[0], ulong.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture)) : default;
            return good;
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LeaseId} {Price}");
    }
}
