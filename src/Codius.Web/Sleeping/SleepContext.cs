using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>The dependencies of every watch of an awake app.</summary>
internal sealed record SleepContext(
    IAppRunner Runner, IActivityView Activity, IBalanceLedger Ledger, IBalanceChanges Changes, IAppSteering Steering, Prices Prices,
    SleepOptions Options, Supervisor Supervisor, TimeProvider Time, ILogger Log)
{
    /// <summary>
    /// What an app does, in whatever version: how a wake ended counts also if its owner has deployed another version meanwhile.
    /// </summary>
    public AppState StateOf(string name) => Runner.StatusOf(name)?.State ?? AppState.Asleep;
}
