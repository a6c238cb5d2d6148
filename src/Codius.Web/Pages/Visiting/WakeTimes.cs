using Codius.Web.Apps;

namespace Codius.Web.Pages.Visiting;

/// <summary>
/// Measures how long the apps' recent wakes took, as this gateway saw them. Bounded: a few wakes of each app, and so many apps; of the
/// others the page says nothing.
/// </summary>
internal sealed class WakeTimes : IDisposable
{
    private const int MaxApps = 10_000;
    private const int WakesPerApp = 5;

    private readonly Dictionary<string, long> _waking = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<TimeSpan>> _recent = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly IAppCatalog _catalog;
    private readonly IAppRunner _runner;
    private readonly TimeProvider _time;

    public WakeTimes(IAppCatalog catalog, IAppRunner runner, TimeProvider time)
    {
        (_catalog, _runner, _time) = (catalog, runner, time);
        _runner.StateChanged += Note;
    }

    /// <summary>How long the app has been waking, and how long it usually takes.</summary>
    public WakeWait Of(string app)
    {
        lock (_lock)
        {
            var soFar = _waking.TryGetValue(app, out var start) ? _time.GetElapsedTime(start) : TimeSpan.Zero;
            // The middle one: a single slow start, such as the first one that fetched the image, says little.
            TimeSpan? usually = _recent.TryGetValue(app, out var wakes) ? wakes.Order().ElementAt(wakes.Count / 2) : null;
            return new WakeWait(soFar, usually);
        }
    }

    public void Dispose() => _runner.StateChanged -= Note;

    private void Note(string name)
    {
        var state = _catalog.Current.TryFind(name, out var app) ? _runner.StateOf(app) : null;
        lock (_lock)
        {
            if (state is AppState.WakingState) _waking.TryAdd(name, _time.GetTimestamp());
            else if (_waking.Remove(name, out var start) && state is AppState.Awake) Add(name, _time.GetElapsedTime(start));
            if (state is null) _recent.Remove(name);
        }
    }

    private void Add(string name, TimeSpan wake)
    {
        if (!_recent.TryGetValue(name, out var wakes))
        {
            if (_recent.Count >= MaxApps) _recent.Remove(_recent.Keys.First());
            _recent[name] = wakes = [];
        }
        if (wakes.Count == WakesPerApp) wakes.Dequeue();
        wakes.Enqueue(wake);
    }
}

/// <summary>How long an app has been waking.</summary>
/// <param name="SoFar">The time since its wake began.</param>
/// <param name="Usually">What its recent wakes took; null if none was seen.</param>
public sealed record WakeWait(TimeSpan SoFar, TimeSpan? Usually)
{
    /// <summary>Whole seconds, at least one.</summary>
    public int? UsualSeconds => Usually is { } usual ? Math.Max(1, (int)Math.Round(usual.TotalSeconds)) : null;

    public int SecondsSoFar => (int)SoFar.TotalSeconds;

    /// <summary>The same in words; the page's script writes it anew each second.</summary>
    public string Words => (SecondsSoFar, UsualSeconds) switch
    {
        (0, { } usual) => $"It usually takes about {Seconds(usual)}.",
        (0, null) => "",
        (var waited, null) => $"Waiting for {Seconds(waited)}.",
        (var waited, { } usual) => $"Waiting for {Seconds(waited)}; it usually takes about {usual}.",
    };

    private static string Seconds(int seconds) => seconds == 1 ? "1 second" : $"{seconds} seconds";
}
