using System.Threading.Channels;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>
/// Watches one app while it is not asleep. The clock, the balance and the app's state only send a signal; each signal evaluates
/// everything anew, so it does not matter which of them sent it, or how often.
/// </summary>
internal sealed partial class AwakeWatch(HostedApp app, SleepContext context)
{
    /// <summary>The precision of idleness: an app is put to sleep at most this much late.</summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(5);

    private readonly RunningTime _running = new(app.Account, context);
    // Capacity of one: a pending signal covers all that come before it is read.
    private readonly Channel<bool> _signals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    // What was requested before it woke is over.
    private readonly long _sleepRequest = context.Steering.Of(app.Name).SleepRequest;
    private readonly SupervisedWork _funding = context.Supervisor.Work("balances of awake apps");
    private AppState? _seen;
    private bool _earned;
    private long _awakeAt;
    private ulong? _funds;

    public SupervisedWork Work { get; } = context.Supervisor.Work("watches over awake apps");

    /// <summary>Evaluates the app soon: its state may have changed.</summary>
    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Returns when the app is asleep or has failed, for whatever reason, or the gateway ends.</summary>
    public async Task RunAsync(CancellationToken gatewayEnds)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gatewayEnds);
        var tick = context.Options.IdleAfter < LongestTick ? context.Options.IdleAfter : LongestTick;
        await using var timer = context.Time.CreateTimer(_ => Signal(), null, tick, tick);
        var funds = _funding.RunAsync(FollowFundsAsync, end.Token);
        try
        {
            while (await _signals.Reader.ReadAsync(end.Token) && UpdateState())
            {
                var reason = await DecideAsync(end.Token);
                if (reason != SleepReason.None) await PutToSleepAsync(reason, end.Token);
                Work.Succeeded();
            }
        }
        catch (OperationCanceledException) when (gatewayEnds.IsCancellationRequested)
        {
            // The apps end with the gateway, or continue under another one.
        }
        finally
        {
            await end.CancelAsync();
            await funds;
        }
        // Bills the time since the last bill, but not of a start that is given back. The gateway's shutdown waits for it, but not forever.
        if (_earned || _seen is not AppState.Failed)
            await _running.BillAsync(_earned, CancellationToken.None, asleep: !gatewayEnds.IsCancellationRequested);
    }

    private bool UpdateState()
    {
        var state = context.StateOf(app.Name);
        // Requests before it woke (or was restarted) do not count as activity now.
        if (state is AppState.Awake && !ReferenceEquals(state, _seen)) _awakeAt = context.Time.GetTimestamp();
        // What an app costs while it starts is given back if the host or the image keeps it from starting; an app that was awake and waits
        // for a new process goes on with the wake that it has earned.
        if (state is AppState.Awake or AppState.Failed { Cause: FailureCause.App or FailureCause.PutToSleep }) _earned = true;
        else if (state is AppState.WakingState && _seen is not (AppState.Awake or AppState.WakingState)) _earned = false;
        _seen = state;
        return state is AppState.Awake or AppState.WakingState;
    }

    private async ValueTask<SleepReason> DecideAsync(CancellationToken cancellation)
    {
        // Before the bill, which may have to wait for the ledger; the last one is made once it is asleep. Requests that wait for it are
        // answered at once.
        var steering = context.Steering.Of(app.Name);
        if (context.Activity.Decides)
        {
            if (steering.IsBlocked) return SleepReason.Blocked;
            if (steering.SleepRequest > _sleepRequest) return SleepReason.Requested;
        }
        // Any gateway bills, so that what runs is paid while none of them leads; then an account without funds is refused by all of them.
        var paid = !_running.IsDue(_funds) || await _running.BillAsync(_earned, cancellation);
        // Of several gateways one puts to sleep; the others watch, so that any of them can take over.
        if (!context.Activity.Decides) return SleepReason.None;
        // Requests that wait for a waking app are paid: they are answered before it is put to sleep.
        if (_seen is not AppState.Awake) return SleepReason.None;
        if (!paid) return SleepReason.OutOfFunds;
        if (_funds < context.Prices.For(steering).PerRequest && context.Activity.Open(app.Name) == 0) return SleepReason.OutOfFunds;
        var awake = context.Time.GetElapsedTime(_awakeAt);
        var idle = context.Activity.IdleFor(app.Name) is { } since && since < awake ? since : awake;
        return idle >= context.Options.IdleAfter ? SleepReason.Idle : SleepReason.None;
    }

    private async Task PutToSleepAsync(SleepReason reason, CancellationToken cancellation)
    {
        LogSleep(context.Log, app.Name, reason);
        SleepMetrics.Decided(reason);
        await context.Runner.SleepAsync(app, context.Options.Grace, cancellation);
    }

    private async Task FollowFundsAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var funds in context.Changes.WatchAsync(app.Account, cancellation))
            {
                _funds = funds;
                // What pays a visit and one more interval decides nothing now.
                if (funds < context.Prices.For(context.Steering.Of(app.Name)).PerRequest || _running.IsShort(funds)) Signal();
                _funding.Succeeded();
            }
        }
        catch (OperationCanceledException)
        {
            // The watch ended.
        }
        catch (LedgerUnavailableException)
        {
            // Billing continues and detects missing funds too, a little later.
        }
    }

    [LoggerMessage(LogLevel.Information, "App {App} is put to sleep: {Reason}")]
    private static partial void LogSleep(ILogger log, string app, SleepReason reason);
}
