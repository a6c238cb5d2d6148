using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Leases;

/// <summary>What all leases of a gateway share.</summary>
internal sealed partial class LeaseContext(
    IBalanceLedger ledger, LeaseOptions options, OutstandingLeases outstanding, Supervisor supervisor, TimeProvider time,
    ILogger<LeaseContext> log, int freeErrorsPerMinute = PriceOptions.UsualFreeErrors, LiveGateways? gateways = null,
    TaskScheduler? scheduler = null, StoreTime? storeTime = null)
{
    /// <summary>A lease is not spent in its last second: a settle sent then could reach the store after the expiry.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A price is committed when an app has had its request for this long: what no recall can bring back must not keep an app awake whose
    /// account has nothing else.
    /// </summary>
    public static TimeSpan CommitAfter { get; } = TimeSpan.FromSeconds(30);

    public IBalanceLedger Ledger { get; } = ledger;

    public LeaseOptions Options { get; } = options;

    public OutstandingLeases Outstanding { get; } = outstanding;

    public TimeProvider Time { get; } = time;

    /// <summary>How many of an app's errors a minute cost nothing, over all gateways.</summary>
    public int FreeErrorsPerMinute { get; } = freeErrorsPerMinute;

    public LiveGateways Gateways { get; } = gateways ?? new LiveGateways();

    public StoreTime StoreTime { get; } = storeTime ?? new StoreTime();

    /// <summary>Runs the requests to the ledger and the loop that settles.</summary>
    public TaskScheduler Scheduler { get; } = scheduler ?? TaskScheduler.Default;

    /// <summary>The loop that settles and returns units.</summary>
    public SupervisedWork Settling { get; } = supervisor.Work("lease settlement");

    /// <summary>The requests to the ledger.</summary>
    public SupervisedWork Requesting { get; } = supervisor.Work("lease requests");

    /// <summary>Starts asynchronous work on <see cref="Scheduler"/>.</summary>
    public Task Start(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();

    public void LogLost(AccountId account, ulong unsettled, ulong open) => LogDropped(account, unsettled, open);

    [LoggerMessage(LogLevel.Warning,
        "A lease of {Account} was dropped: up to {Unsettled} units of answered requests and {Open} of requests in flight are the host's "
        + "loss")]
    private partial void LogDropped(AccountId account, ulong unsettled, ulong open);
}
