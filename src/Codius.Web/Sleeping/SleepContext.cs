using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>The dependencies of every watch of an awake app.</summary>
internal sealed record SleepContext(
    IAppRunner Runner, IActivityView Activity, IBalanceLedger Ledger, IBalanceChanges Changes, Prices Prices,
    SleepOptions Options, Supervisor Supervisor, TimeProvider Time, ILogger Log);
