using System.Collections.Concurrent;

namespace Codius.Web.Apps;

/// <summary>
/// Counts failed starts, so that an app that cannot start does not use up the machine: three tries are free, each further one
/// has to wait 1, 2, 4 ... 30 minutes after the last failure. A failure of the host is not counted: it says nothing about the app. It
/// waits 5, 10, 20, 40 and then 60 seconds, as many times as the host failed in a row.
/// </summary>
internal sealed class StartHistory(TimeProvider time)
{
    private const int FreeTries = 3;

    /// <summary>
    /// However often a visit comes, the cluster gets one try in this time. It is longer than the leader needs to scale the last try to
    /// zero: only then does the next one make the cluster try at once, and not when its own growing back-off is over.
    /// </summary>
    private static readonly TimeSpan WaitAfterHostFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWaitAfterHostFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>An app that served this long had started well: its later end counts as a first failure.</summary>
    private static readonly TimeSpan WellStarted = TimeSpan.FromSeconds(30);
    // Longer than any wait: an app that still fails is not forgotten, and memory is bounded by those.
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>Failures in a row; 0 for an app that started well or never.</summary>
    public int FailuresOf(string hash) => _failures.TryGetValue(hash, out var failures) ? failures.Count : 0;

    /// <summary>Counts one failure and returns it with the time when the next try is allowed; null for at once.</summary>
    public AppState.Failed Failed(string hash, AppState.Failed failure)
    {
        var now = time.GetUtcNow();
        foreach (var (old, failures) in _failures)
        {
            if (now - failures.At > Remembered) _failures.TryRemove(KeyValuePair.Create(old, failures));
        }
        return _failures.AddOrUpdate(hash,
            static (_, made) => Failures.After(null, made.failure, made.now),
            static (_, before, made) => Failures.After(before, made.failure, made.now),
            (failure, now)).Last;
    }

    public void Succeeded(string hash) => _failures.TryRemove(hash, out _);

    /// <summary>An app that was awake for this long is no longer.</summary>
    public void Served(string hash, TimeSpan awake)
    {
        if (awake >= WellStarted) Succeeded(hash);
    }

    /// <summary>The failure that still forbids a try; null if one is allowed.</summary>
    public AppState.Failed? Forbids(string hash) =>
        _failures.TryGetValue(hash, out var failures) && failures.Last.RetryAt > time.GetUtcNow() ? failures.Last : null;

    private static TimeSpan? WaitAfter(int failures) =>
        failures < FreeTries ? null : TimeSpan.FromMinutes(Math.Min(LongestWait.TotalMinutes, 1L << Math.Min(failures - FreeTries, 10)));

    private static TimeSpan WaitAfterHost(int failures)
    {
        var wait = WaitAfterHostFailure * (1L << Math.Min(failures - 1, 10));
        return wait < LongestWaitAfterHostFailure ? wait : LongestWaitAfterHostFailure;
    }

    /// <param name="Count">Those that the app or its image caused.</param>
    /// <param name="OfHost">Those of the host since the last of these.</param>
    private sealed record Failures(int Count, int OfHost, AppState.Failed Last, DateTimeOffset At)
    {
        public static Failures After(Failures? before, AppState.Failed failure, DateTimeOffset now)
        {
            var isHosts = failure.Cause == FailureCause.Host;
            var count = (before?.Count ?? 0) + (isHosts ? 0 : 1);
            var ofHost = isHosts ? (before?.OfHost ?? 0) + 1 : 0;
            return new Failures(count, ofHost, failure with { RetryAt = now + (isHosts ? WaitAfterHost(ofHost) : WaitAfter(count)) }, now);
        }
    }
}
