using System.Collections.Concurrent;
using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Testing;

/// <summary>A fake catalog and runner: the test sets the apps and their states, and counts the wakes.</summary>
internal sealed class FakeApps : IAppCatalog, IAppRunner
{
    private readonly ConcurrentDictionary<string, AppState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _wakes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _waiting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action? Changed;

    public event Action<string>? StateChanged;

    public AppSnapshot Current { get; private set; } = AppSnapshot.Empty;

    public IReadOnlyCollection<AppStatus> Statuses => [];

    /// <summary>The state of an app after a wake; waking by default, until <see cref="Set"/> changes it.</summary>
    public Func<HostedApp, AppState> OnWake { get; set; } = _ => AppState.Waking;

    /// <summary>Since when every app has its state.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Called right after an app's state was read.</summary>
    public Action<HostedApp>? OnStateRead { get; set; }

    /// <summary>The state of an app after a visit could not connect to it; by default unchanged.</summary>
    public Func<AppState.Awake, AppState> OnUnreachable { get; set; } = state => state;

    /// <summary>How many visits wait for an app to wake.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public HostedApp Host(
        string name, ulong? maxSpendPerHour = null, VisitSettings? visits = null, AppPresentation? presentation = null, char hash = 'a',
        string? wholeHash = null, string image = "an image", AccountId? owner = null)
    {
        var app = new HostedApp(name, wholeHash ?? new string(hash, 52), image, owner, maxSpendPerHour)
        {
            Visits = visits ?? VisitSettings.None,
            Presentation = presentation,
        };
        Current = new AppSnapshot(Current.Apps.Where(known => known.Name != name).Append(app));
        Changed?.Invoke();
        return app;
    }

    public void Delete(string name)
    {
        Current = new AppSnapshot(Current.Apps.Where(known => known.Name != name));
        Changed?.Invoke();
    }

    public void Set(string name, AppState state)
    {
        lock (_lock)
        {
            _states[name] = state;
            if (Current.TryFind(name, out var app)) _hashes[name] = app.Hash;
            var changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
        StateChanged?.Invoke(name);
    }

    /// <summary>As a runner keeps it until the app sleeps.</summary>
    public AppStatus? StatusOf(string name) => _states.GetValueOrDefault(name) is { } state and not AppState.AsleepState
        && Current.TryFind(name, out var app)
        ? new AppStatus(app, state, Since, (state as AppState.Failed)?.Reason, (state as AppState.Failed)?.Output) : null;

    public int WakesOf(string name) => _wakes.GetValueOrDefault(name);

    public AppState StateOf(HostedApp app)
    {
        var state = _states.GetValueOrDefault(app.Name, AppState.Asleep);
        OnStateRead?.Invoke(app);
        // As a runner: a version that has not run yet has not failed either.
        return state is AppState.Failed && _hashes.TryGetValue(app.Name, out var failed) && failed != app.Hash
            ? AppState.Asleep : state;
    }

    public AppState Wake(HostedApp app)
    {
        lock (_lock)
        {
            var state = _states.GetValueOrDefault(app.Name, AppState.Asleep);
            if (state is AppState.Awake or AppState.WakingState) return state;
            _wakes.AddOrUpdate(app.Name, 1, (_, wakes) => wakes + 1);
            // Set before the lock is released, or a second visit would wake it again.
            _states[app.Name] = AppState.Waking;
        }
        var woken = OnWake(app);
        Set(app.Name, woken);
        return woken;
    }

    public async Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            AppState state;
            lock (_lock)
            {
                state = _states.GetValueOrDefault(app.Name, AppState.Asleep);
                changed = _changed.Task;
            }
            if (state is AppState.Awake or AppState.Failed) return state;
            // As a runner: it was waking when the caller asked for it.
            if (state is AppState.AsleepState && _wakes.ContainsKey(app.Name)) return AppState.Failed.PutToSleep;
            Interlocked.Increment(ref _waiting);
            try
            {
                await changed.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    public void ReportUnreachable(HostedApp app, AppState.Awake state)
    {
        if (ReferenceEquals(_states.GetValueOrDefault(app.Name), state)) Set(app.Name, OnUnreachable(state));
    }

    public Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation)
    {
        Set(app.Name, AppState.Asleep);
        return Task.CompletedTask;
    }
}
