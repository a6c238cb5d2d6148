using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;

namespace Codius.Web.Deploying.Unpaid;

/// <summary>
/// Looks at every app with an owner: a day on which it neither is awake nor could be woken by its money is counted, unless it was paid
/// since the last count, and after <c>Apps:KeepUnpaid</c> such days the app is deleted as its owner would: name and balance stay the
/// owner's for a while. A manifest would else fill the host's memory for ever for the price of one deploy.
/// </summary>
internal sealed partial class UnpaidApps(
    IAppCatalog catalog, IAppRunner runner, IAppStore store, IBalanceLedger ledger, UnpaidDays days, UnpaidTurn turn,
    DeployReservations reservations, Prices prices, ILogger<UnpaidApps> log)
{
    private const int RenewEvery = 100;

    /// <summary>Looks at all apps; false if it is not this gateway's turn.</summary>
    /// <exception cref="LedgerUnavailableException">
    /// The ledger is unavailable: the rest is looked at in the next turn, in which no day counts twice.
    /// </exception>
    /// <exception cref="AppStoreUnavailableException">The store of apps is unavailable; the same.</exception>
    public async ValueTask<bool> LookAsync(CancellationToken cancellation)
    {
        if (!await turn.TryBeginAsync()) return false;
        var apps = catalog.Current.Named.Where(app => app.Owner is not null).ToList();
        // What is known of the apps may be old if their store is away: nothing is counted then.
        if (apps.Count > 0) await store.FindAsync(apps[0].Name, cancellation);
        // One after the other: this must not delay the payments in the same store.
        foreach (var (number, app) in apps.Index())
        {
            if (number % RenewEvery == RenewEvery - 1) await turn.RenewAsync();
            await LookAtAsync(app, app.Owner!.Value, cancellation);
        }
        // A crash before this line: another gateway looks in ten minutes, and finds the days of today counted.
        await turn.EndAsync();
        return true;
    }

    private async ValueTask LookAtAsync(HostedApp app, AccountId owner, CancellationToken cancellation)
    {
        // One that is blocked cannot be paid: such a day is not its owner's fault.
        if (app.BlockedWords is not null) return;
        if (await UnpaidAsync(app, cancellation) is not { } credited)
        {
            await days.ForgetAsync(app.Name);
            return;
        }
        // A crash after this line: the app ends in the next turn, by the days that were counted.
        var unpaid = await days.CountAsync(app, credited, LeastOf(app));
        if (unpaid >= days.Most) await EndAsync(app, owner, unpaid, cancellation);
    }

    /// <summary>What the app's accounts were ever credited; null if it is awake or could be woken by its money.</summary>
    private async ValueTask<ulong?> UnpaidAsync(HostedApp app, CancellationToken cancellation)
    {
        if (IsAwake(app) || (catalog.Current.TryFind(app.Hash, out var hashed) && IsAwake(hashed))) return null;
        var own = await ledger.ReadAsync(app.Account, cancellation);
        if (own?.Funds >= LeastOf(app)) return null;
        var byHash = await ledger.ReadAsync(AccountId.OfApp(app.Hash), cancellation);
        if (byHash?.Funds >= LeastOf(hashed ?? app)) return null;
        return (own?.Credited ?? 0) + (byHash?.Credited ?? 0); // two accounts hold less than 2^64
    }

    /// <summary>What waking an app and one request cost.</summary>
    private ulong LeastOf(HostedApp app) => Prices.Least(prices.For(app).PerRequest, prices.PerRunningHour);

    private bool IsAwake(HostedApp app) => runner.StateOf(app) is AppState.Awake or AppState.WakingState;

    private async ValueTask EndAsync(HostedApp app, AccountId owner, int unpaid, CancellationToken cancellation)
    {
        // Deployed anew, which was paid, or paid itself since it was looked at. What is paid from here on stays in the account, which is
        // the owner's for as long as the name is; a version that is deployed from here on is deleted with it, at its owner's cost.
        var there = await store.FindAsync(app.Name, cancellation);
        if (there is null || there.Owner != owner || there.Hash != app.Hash || await UnpaidAsync(app, cancellation) is null)
        {
            await days.ForgetAsync(app.Name);
            return;
        }
        var outcome = await store.DeleteAsync(app.Name, owner, cancellation);
        if (outcome == DeleteOutcome.Unavailable)
        {
            // If it is deleted all the same, the record ends by itself; else the app ends in the next turn.
            LogNotDeleted(app.Name, unpaid);
            return;
        }
        if (outcome == DeleteOutcome.Deleted)
        {
            LogDeleted(app.Name, app.Hash, owner, unpaid);
            await reservations.ForgetAsync(owner, app.Name);
        }
        await days.ForgetAsync(app.Name);
    }

    [LoggerMessage(LogLevel.Warning,
        "{App} ({Hash}) of {Account} was deleted: on {Days} days nobody paid for it. Its owner has the name and its balance for a while")]
    private partial void LogDeleted(string app, string hash, AccountId account, int days);

    [LoggerMessage(LogLevel.Warning, "{App}, for which nobody paid on {Days} days, cannot be deleted now; it is tried again tomorrow")]
    private partial void LogNotDeleted(string app, int days);
}
