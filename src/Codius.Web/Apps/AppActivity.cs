using System.Collections.Concurrent;

namespace Codius.Web.Apps;

/// <summary>Counts each app's open requests and sockets and remembers when the last one ended: what idle means is read from here.</summary>
internal sealed class AppActivity(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>Counts a request or socket as open until <see cref="End"/>.</summary>
    public void Begin(HostedApp app) => _counters.GetOrAdd(app.Name, static _ => new Counter()).Begin();

    public void End(HostedApp app) => _counters[app.Name].End(time.GetTimestamp());

    /// <summary>Open requests and sockets now.</summary>
    public int Open(string app) => _counters.TryGetValue(app, out var counter) ? counter.OpenNow : 0;

    /// <summary>How long nothing has been open; zero while something is, null if the app was never visited.</summary>
    public TimeSpan? IdleFor(string app) =>
        !_counters.TryGetValue(app, out var counter) ? null
        : counter.OpenNow > 0 ? TimeSpan.Zero
        : time.GetElapsedTime(counter.LastEnd);

    private sealed class Counter
    {
        private int _open;
        private long _lastEnd;

        public int OpenNow => Volatile.Read(ref _open);

        public long LastEnd => Volatile.Read(ref _lastEnd);

        public void Begin() => Interlocked.Increment(ref _open);

        // The time is written first: a reader that sees nothing open must not see an older end.
        public void End(long now)
        {
            Volatile.Write(ref _lastEnd, now);
            Interlocked.Decrement(ref _open);
        }
    }
}
