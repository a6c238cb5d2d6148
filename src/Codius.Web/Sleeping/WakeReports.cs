using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>
/// Reports to the ledger how each wake ended: what it paid is earned, or given back if the host or the image kept the app from
/// starting. Every gateway reports what it sees; the ledger counts the first report of a wake.
/// </summary>
/// <remarks>
/// A gateway that crashes before its report, or ends during a start: other gateways that run the app report it; without one, the app's
/// next wake is paid by what this one paid. The payer loses nothing, and the host at most the time of one wake.
/// </remarks>
internal sealed class WakeReports(SleepContext context, IAppCatalog catalog)
    : SupervisedService(context.Supervisor.Work("reports of wakes"))
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    // Bounded by the apps; an app's newer end replaces one that was not sent yet.
    private readonly ConcurrentDictionary<string, Report> _reports = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many reports the ledger has not taken yet.</summary>
    public int Unsent => _reports.Count;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        context.Runner.StateChanged += Add;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        context.Runner.StateChanged -= Add;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var (name, report) in _reports)
            {
                if (await SendAsync(report, stoppingToken)) _reports.TryRemove(KeyValuePair.Create(name, report));
            }
            Work.Succeeded();
            if (_reports.IsEmpty) await _signals.Reader.ReadAsync(stoppingToken);
            else await Task.Delay(RetryAfter, context.Time, stoppingToken);
        }
    }

    private void Add(string name)
    {
        // Deleted by its owner: neither the host nor the image kept it from starting.
        var report = !catalog.Current.TryFind(name, out var app) ? new Report(null, AppState.Asleep, new WakeEnd(AccountId.OfApp(name)))
            : context.StateOf(name) is var state && EndOf(app, state) is { } end ? new Report(app, state, end)
            : null;
        if (report is null) return;
        _reports[name] = report;
        _signals.Writer.TryWrite(true);
    }

    private WakeEnd? EndOf(HostedApp app, AppState state) => state switch
    {
        AppState.Awake => new WakeEnd(app.Account),
        // It ends no start: the visit that paid for it gives that back, and the end of the start before may not be sent yet.
        AppState.Failed { Refused: true } => null,
        AppState.Failed { IsFree: true } free => new WakeEnd(app.Account, free.Cause.ToString(), context.Prices.PerRunningHour, free.Ran),
        AppState.Failed => new WakeEnd(app.Account),
        _ => null,
    };

    /// <summary>False if it must be sent again. An end that is not the app's state any more is void: a newer wake has counted it.</summary>
    private async ValueTask<bool> SendAsync(Report report, CancellationToken cancellation) =>
        (report.App is { } app && !IsStill(report.State, context.StateOf(app.Name)))
        || (await context.Ledger.EndWakeAsync(report.End, cancellation)).Outcome != SpendOutcome.Unavailable;

    /// <summary>A refusal repeats the failure before it, and no wake came between them.</summary>
    private static bool IsStill(AppState reported, AppState now) =>
        (now is AppState.Failed { Refused: true } refused ? refused with { Refused = false } : now).Equals(reported);

    // Not a record: two reports of the same end are two, and the one that was sent must not remove the other.
    private sealed class Report(HostedApp? app, AppState state, WakeEnd end)
    {
        public HostedApp? App => app;

        public AppState State => state;

        public WakeEnd End => end;
    }
}
