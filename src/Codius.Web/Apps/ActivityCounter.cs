namespace Codius.Web.Apps;

/// <summary>
/// The open requests and sockets of one app, and when the last one ended; free of locks, since every visit passes here twice.
/// </summary>
internal sealed class ActivityCounter
{
    /// <summary>The count of a retired counter: so low that no number of late calls of <see cref="TryBegin"/> reaches zero.</summary>
    private const int Retired = int.MinValue;

    private int _open;
    private long _begun;
    private long _lastEnd = long.MinValue;
    private TaskCompletionSource? _quiet;

    public int Open => Math.Max(0, Volatile.Read(ref _open));

    /// <summary>Requests and sockets so far.</summary>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>Timestamp of the last end; null before the first.</summary>
    public long? LastEnd => Volatile.Read(ref _lastEnd) is var end and not long.MinValue ? end : null;

    /// <summary>False if the counter was retired: a new one is needed.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _open) <= 0) return false;
        Interlocked.Increment(ref _begun);
        return true;
    }

    public void End(long now)
    {
        // The time is written first: a reader that sees nothing open must not see an older end.
        // Of two that end at the same time the later time stays, whichever thread is slower.
        for (var seen = Volatile.Read(ref _lastEnd); seen < now;)
        {
            var before = Interlocked.CompareExchange(ref _lastEnd, now, seen);
            if (before == seen) break;
            seen = before;
        }
        if (Interlocked.Decrement(ref _open) == 0) Interlocked.Exchange(ref _quiet, null)?.TrySetResult();
    }

    public bool TryRetire() => Interlocked.CompareExchange(ref _open, Retired, 0) == 0;

    public async Task WhenQuietAsync(CancellationToken cancellation)
    {
        while (Open > 0)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var quiet = Interlocked.CompareExchange(ref _quiet, mine, null) ?? mine;
            // The last one may have ended before the task was published.
            if (Open > 0) await quiet.Task.WaitAsync(cancellation);
        }
    }
}
