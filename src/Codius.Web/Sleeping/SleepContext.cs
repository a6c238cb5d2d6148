using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>What every watch over an awake app needs.</summary>
internal sealed record SleepContext(
    IAppRunner Runner, IActivityView Activity, IBalanceLedger Ledger, IBalanceChanges Changes, Prices Prices,
    SleepOptions Options, Supervisor Supervisor, TimeProvider Time, ILogger Log);
