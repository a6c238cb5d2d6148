using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Sleeping;

/// <summary>What every watch over an awake app needs.</summary>
internal sealed record SleepTools(
    IAppRunner Runner, IActivityView Activity, IBalanceLedger Ledger, IBalanceChanges Changes, Prices Prices, SleepOptions Options, TimeProvider Time, ILogger Log);
