using System.ComponentModel;
using Codius.Web.Apps.Running;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// One version of an app as a process that is kept running: started, watched, restarted when it dies, stopped on request.
/// <code>
///   Waking ──listens──► Awake ──dies──► Waking (again at once, then after 1 s, 2 s) ──third time in a row──► Failed
///      └──ends or does not listen in time──► Failed                                       (a new one starts with a new wake)
/// </code>
/// </summary>
internal sealed class AppProcess : IVersionRun
{
    /// <summary>A start that takes longer says what it is waiting for.</summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);
    private const int PortTries = 3;

    private readonly ProcessRunnerContext _context;
    private readonly ImageOptions _image;
    private readonly Action<AppProcess> _changed;
    private readonly TaskCompletionSource<TimeSpan> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private volatile AppState _state = AppState.Waking;
    private volatile ChildProcess? _child;

    public AppProcess(HostedApp app, ImageOptions image, ProcessRunnerContext context, Action<AppProcess> changed)
    {
        App = app;
        _image = image;
        _context = context;
        _changed = changed;
        _running = Task.Run(() => context.Runs.TryAsync(RunAsync));
    }

    /// <summary>The app whose visit started it; others of the same hash may share it.</summary>
    public HostedApp App { get; }

    public AppState State => _state;

    /// <summary>The names that need it; it runs while there is any. Used under the runner's lock.</summary>
    public HashSet<string> Holders { get; } = new(StringComparer.Ordinal);

    /// <summary>The last lines it wrote; null if there are none.</summary>
    public string? Output => _child?.Output is { Length: > 0 } output ? output : null;

    /// <summary>Stops it for good: with SIGTERM, after the grace with SIGKILL. Returns once it has ended.</summary>
    public Task StopAsync(TimeSpan grace)
    {
        _stop.TrySetResult(grace);
        return _running;
    }

    /// <summary>Ends it at once, also in the middle of a grace.</summary>
    public void Kill() => _child?.Kill();

    private bool Stopping => _stop.Task.IsCompleted;

    private async Task RunAsync()
    {
        try
        {
            while (await RunOnceAsync())
            {
            }
        }
        catch (Exception broken)
        {
            // Such as a data folder that went away: reported like any failed start, so that no visit waits forever.
            Kill();
            Fail(new AppState.Failed(broken.Message) { Cause = FailureCause.Host });
            if (broken is not (IOException or InvalidOperationException or UnauthorizedAccessException)) throw;
        }
        finally
        {
            if (Stopping) Become(AppState.Asleep);
        }
    }

    /// <summary>Runs it once, from start to end; true if it must be restarted.</summary>
    private async Task<bool> RunOnceAsync()
    {
        var (child, failure) = await StartAsync();
        if (Stopping)
        {
            if (child is not null) await child.StopAsync(await _stop.Task);
            return false;
        }
        if (child is null) return Fail(failure!);

        var startedAt = _context.Time.GetTimestamp();
        Become(new AppState.Awake(new Uri($"http://{AppEnvironment.Host}:{child.Port}")));
        await Task.WhenAny(child.Ended, _stop.Task);
        if (Stopping)
        {
            _context.History.Succeeded(App.Hash);
            await child.StopAsync(await _stop.Task);
            return false;
        }

        var end = FailureOf(child, $"The app ended by itself with exit code {await child.Ended}.");
        _context.History.Served(App.Hash, _context.Time.GetElapsedTime(startedAt));
        var failed = _context.History.Failed(App.Hash, end);
        ProcessLog.Died(_context.Log, App.Name, end.Reason);
        if (failed.RetryAt is not null) return Become(failed);
        Become(AppState.Waking);
        return await WaitUnlessStoppedAsync(TimeSpan.FromSeconds(_context.History.FailuresOf(App.Hash) - 1));
    }

    /// <summary>Starts it and waits until it listens; null with the failure if it does not.</summary>
    private async Task<(ChildProcess? Child, AppState.Failed? Failure)> StartAsync()
    {
        for (var tries = 1; ; tries++)
        {
            ChildProcess child;
            try
            {
                child = await ChildProcess.StartAsync(
                    _image, App.Hash, _context.Process, line => ProcessLog.Output(_context.Log, App.Name, line));
            }
            catch (Exception cannot) when (cannot is Win32Exception or IOException or UnauthorizedAccessException)
            {
                return (null, new AppState.Failed($"The program that runs the image '{App.Image}' cannot be started: {cannot.Message}")
                {
                    Cause = FailureCause.Host,
                });
            }
            _child = child;
            var failure = await WhenListeningAsync(child);
            if (failure is null || Stopping) return (child, null);
            await child.StopAsync(TimeSpan.Zero);
            // Another program bound the port between the allocation and the app's bind: not the app's fault.
            if (tries < PortTries && FreePorts.IsTaken(child.Port)) continue;
            return (null, failure);
        }
    }

    private async Task<AppState.Failed?> WhenListeningAsync(ChildProcess child)
    {
        using var waiting = new CancellationTokenSource();
        var timeout = _context.StartTimeout;
        var listening = Readiness.WhenListeningAsync(child.Port, _context.Time, waiting.Token);
        var late = Task.Delay(timeout, _context.Time, waiting.Token);
        var slow = Task.Delay(SlowAfter, _context.Time, waiting.Token);
        var first = await Task.WhenAny(listening, late, child.Ended, _stop.Task, slow);
        if (first == slow)
        {
            Become(new AppState.WakingState(DeafOn(child)));
            first = await Task.WhenAny(listening, late, child.Ended, _stop.Task);
        }
        await waiting.CancelAsync();
        // If the process has ended, another program accepted the connection on its port.
        if (child.Ended.IsCompleted)
            return FailureOf(child, $"The app ended with exit code {await child.Ended} before it listened on its port.");
        return first == late
            ? FailureOf(child, $"The app did not start within {timeout.TotalSeconds:0} seconds. {DeafOn(child)}") : null;
    }

    private async Task<bool> WaitUnlessStoppedAsync(TimeSpan wait)
    {
        using var waiting = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(wait, _context.Time, waiting.Token), _stop.Task);
        await waiting.CancelAsync();
        return !Stopping;
    }

    private bool Fail(AppState.Failed failure) => Become(_context.History.Failed(App.Hash, failure));

    private bool Become(AppState.Failed failed)
    {
        RunnerLog.Failed(_context.Log, App.Name, failed.Reason);
        Become((AppState)failed);
        return false;
    }

    private void Become(AppState state)
    {
        _state = state;
        _context.Changes.Raise(_changed, this);
    }

    private static string DeafOn(ChildProcess child)
    {
        var others = ListeningPorts.Of(child.Id);
        var deaf = $"It runs, but does not accept connections on port {child.Port}, which the variable PORT names, "
            + $"at {AppEnvironment.Host}.";
        return others.Count == 0 ? deaf : $"{deaf} It listens on port {string.Join(", ", others)}.";
    }

    private static AppState.Failed FailureOf(ChildProcess child, string reason) => new(reason)
    {
        Output = child.Output is { Length: > 0 } output ? output : null,
    };
}
