using System.Collections.Concurrent;

namespace Codius.Web.Apps;

/// <summary>
/// Counts each app's open requests and sockets and records when the last one ended: idleness is computed from this.
/// A visit calls <see cref="Begin"/> before it reads the app's state, and <see cref="End"/> exactly once. Code that puts an app to
/// sleep changes its state first and then reads the count, so that one of the two always sees the other.
/// </summary>
internal sealed class AppActivity(TimeProvider time) : IActivityView
{
    private readonly ConcurrentDictionary<string, ActivityCounter> _counters = new(StringComparer.Ordinal);

    /// <summary>Counts a request or socket as open until <see cref="End"/>; a request that waits for the app to wake counts too.</summary>
    public void Begin(HostedApp app)
    {
        // A counter that was retired after it was found refuses, and is no longer found.
        while (!_counters.GetOrAdd(app.Name, static _ => new ActivityCounter()).TryBegin())
        {
        }
    }

    public void End(HostedApp app) => _counters[app.Name].End(time.GetTimestamp());

    /// <summary>Always: this gateway runs alone.</summary>
    public bool Decides => true;

    /// <summary>The apps that are in use here, or were within a time.</summary>
    public IEnumerable<(string App, int Open, TimeSpan Idle)> Recent(TimeSpan within)
    {
        foreach (var (app, counter) in _counters)
        {
            if (IdleFor(counter) is { } idle && idle < within) yield return (app, counter.Open, idle);
        }
    }

    /// <summary>What each app has to do here.</summary>
    public IEnumerable<AppTraffic> Traffic => _counters.Select(pair => new AppTraffic(pair.Key, pair.Value.Begun, pair.Value.Open));

    /// <summary>Open requests and sockets now.</summary>
    public int Open(string app) => _counters.TryGetValue(app, out var counter) ? counter.Open : 0;

    /// <summary>How long nothing has been open; zero while something is, null if the app was never visited.</summary>
    public TimeSpan? IdleFor(string app) => _counters.TryGetValue(app, out var counter) ? IdleFor(counter) : null;

    /// <summary>Waits until nothing is open.</summary>
    public Task WhenQuietAsync(string app, CancellationToken cancellation) =>
        _counters.TryGetValue(app, out var counter) ? counter.WhenQuietAsync(cancellation) : Task.CompletedTask;

    /// <summary>Removes the counter of an app with nothing open, so that memory is bounded by the apps that exist.</summary>
    public void Forget(string app)
    {
        if (_counters.TryGetValue(app, out var counter) && counter.TryRetire()) _counters.TryRemove(KeyValuePair.Create(app, counter));
    }

    /// <summary>Removes the counters of all apps that are no longer hosted.</summary>
    public void ForgetAllBut(AppSnapshot apps)
    {
        foreach (var (name, _) in _counters)
        {
            if (!apps.TryFind(name, out _)) Forget(name);
        }
    }

    // The open ones first: a request that ends between the two reads leaves a fresh end, never an older one.
    private TimeSpan? IdleFor(ActivityCounter counter) =>
        counter.Open > 0 ? TimeSpan.Zero : counter.LastEnd is { } end ? time.GetElapsedTime(end) : null;
}
