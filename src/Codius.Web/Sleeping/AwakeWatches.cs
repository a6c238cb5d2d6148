using System.Collections.Concurrent;
using Codius.Web.Apps;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Sleeping;

/// <summary>Runs one watch for each app that is not asleep.</summary>
internal sealed class AwakeWatches(SleepContext context, IAppCatalog catalog) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, AwakeWatch> _watches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AwakeWatch, Task> _running = new();
    private readonly SupervisedWork _work = context.Supervisor.Work("ends of watches");
    private readonly CancellationTokenSource _end = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        context.Runner.StateChanged += SignalOrWatch;
        context.Steering.Changed += SignalOrWatch;
        // Apps that are awake already, where apps outlive the gateway.
        foreach (var status in context.Runner.Statuses) SignalOrWatch(status.App.Name);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        context.Runner.StateChanged -= SignalOrWatch;
        context.Steering.Changed -= SignalOrWatch;
        await _end.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _end.Dispose();

    private void SignalOrWatch(string name)
    {
        if (_watches.TryGetValue(name, out var watch))
        {
            watch.Signal();
            return;
        }
        if (!catalog.Current.TryFind(name, out var app) || !IsAwake(app)) return;
        watch = new AwakeWatch(app, context);
        if (!_watches.TryAdd(name, watch)) return;
        watch.Signal();
        _running[watch] = Task.Run(() => _work.TryAsync(() => WatchAsync(name, watch)));
    }

    private async Task WatchAsync(string name, AwakeWatch watch)
    {
        // A watch that ended here would leave the app awake, unbilled and never put to sleep. A crash of the gateway costs the host nothing
        // more: the ledger has the time until which running was paid, and the gateway that watches next bills from there.
        await watch.Work.RunAsync(watch.RunAsync, _end.Token);
        _watches.TryRemove(name, out _);
        _running.TryRemove(watch, out _);
        // Woken again just while this watch ended: no watch received that signal.
        if (!_end.IsCancellationRequested) SignalOrWatch(name);
    }

    private bool IsAwake(HostedApp app) => context.Runner.StateOf(app) is AppState.Awake or AppState.WakingState;
}
