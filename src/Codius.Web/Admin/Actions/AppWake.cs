using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Actions;

/// <summary>
/// Wakes an app by hand, at its own cost: the first minute awake is billed before, as for a visit, and later ones as ever.
/// </summary>
internal sealed class AppWake(
    IAppCatalog catalog, IAppRunner runner, IBalanceLedger ledger, Prices prices, Asset asset, TimeProvider time)
{
    /// <exception cref="LedgerUnavailableException">The balance cannot be read; nothing was charged.</exception>
    public async ValueTask<AppActionResult> WakeAsync(string name, CancellationToken cancellation)
    {
        if (!catalog.Current.TryFind(name, out var app)) return AppActionResult.Refused(AppProblems.NoSuchApp);
        if (app.BlockedWords is not null) return AppActionResult.Refused(AppProblems.Blocked);
        var state = runner.StateOf(app);
        if (state is AppState.Awake) return AppActionResult.Done("It is awake already.");
        if (state is AppState.WakingState) return AppActionResult.Done("It is waking already.");
        // The runner would start nothing before its next try, so nothing is billed.
        if (state is AppState.Failed { RetryAt: { } at } failed && at > time.GetUtcNow())
            return AppActionResult.Refused(AppProblems.StartRefused(failed.Reason, at));
        return await PayAsync(app, state, cancellation) is { } refusal ? AppActionResult.Refused(refusal) : await StartAsync(app, name);
    }

    private async ValueTask<Problem?> PayAsync(HostedApp app, AppState state, CancellationToken cancellation)
    {
        // An app that cannot pay a request as well would be put to sleep as soon as it is awake.
        var needed = Prices.Least(prices.For(app).PerRequest, prices.PerRunningHour);
        var funds = (await ledger.ReadAsync(app.Account, cancellation))?.Funds ?? 0;
        if (funds < needed) return AppProblems.FundsShort(funds, needed, asset);
        var bill = await ledger.BillRunningAsync(
            new RunningBill(app.Account, prices.PerRunningHour, Waking: true, Earned: state is AppState.Failed { IsFree: false }),
            cancellation);
        return bill.Outcome switch
        {
            SpendOutcome.Done => null,
            SpendOutcome.Recalled => AppProblems.FundsInUse,
            SpendOutcome.Unavailable => AppProblems.StoreAway,
            _ => AppProblems.FundsShort(bill.Funds, needed, asset),
        };
    }

    // A crash before the wake, or before the bill is given back: the app's next wake is paid by it.
    private async ValueTask<AppActionResult> StartAsync(HostedApp paid, string name)
    {
        // Its owner may have deleted it meanwhile, or another admin have blocked it.
        if (!catalog.Current.TryFind(name, out var app)) return await GiveBackAsync(paid, "Deleted", AppProblems.NoSuchApp);
        if (app.BlockedWords is not null) return await GiveBackAsync(paid, "Blocked", AppProblems.Blocked);
        return runner.Wake(app) is AppState.Failed { Refused: true } refused
            ? await GiveBackAsync(paid, refused.Cause.ToString(), AppProblems.StartRefused(refused.Reason, refused.RetryAt))
            : AppActionResult.Done("It wakes. A minute awake was charged; without visits it sleeps again after a while.");
    }

    private async ValueTask<AppActionResult> GiveBackAsync(HostedApp app, string reason, Problem problem)
    {
        await ledger.EndWakeAsync(new WakeEnd(app.Account, reason), CancellationToken.None);
        return AppActionResult.Refused(problem);
    }
}
