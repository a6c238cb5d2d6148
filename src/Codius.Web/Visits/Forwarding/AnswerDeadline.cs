using System.Collections.Concurrent;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Ends a visit whose app does not begin to answer in time. The clock runs while the app has its turn, and stands still while the
/// gateway waits for more of the client's upload.
/// </summary>
internal sealed class AnswerDeadline(TimeSpan limit) : IDisposable
{
    // Of ended visits, whose clocks stand still: a new one with its timer costs a visit four objects.
    private static readonly ConcurrentQueue<CancellationTokenSource> Unused = new();
    private const int MostUnused = 1_000;

    private readonly Lock _lock = new();
    // With the framework's own clock, whose timer TryReset can stop for certain.
    private readonly CancellationTokenSource _passed = Unused.TryDequeue(out var unused) ? unused : new();
    private bool _over;

    /// <summary>Cancelled when the time is up; not to be used once this is disposed.</summary>
    public CancellationToken Token => _passed.Token;

    public bool HasPassed => _passed.IsCancellationRequested;

    /// <summary>Starts the clock anew; nothing once the answer has begun.</summary>
    public void Run() => Set(limit);

    public void Pause() => Set(Timeout.InfiniteTimeSpan);

    /// <summary>Stops the clock for good: what has begun may last as long as it likes. False if the time was up before.</summary>
    public bool TryBeginAnswer()
    {
        lock (_lock)
        {
            _over = true;
            return _passed.TryReset();
        }
    }

    public void Dispose()
    {
        // An upload may end a moment after its visit; from here on the source is another visit's.
        lock (_lock)
        {
            _over = true;
            if (Unused.Count < MostUnused && _passed.TryReset()) Unused.Enqueue(_passed);
            else _passed.Dispose();
        }
    }

    private void Set(TimeSpan time)
    {
        lock (_lock)
        {
            if (!_over) _passed.CancelAfter(time);
        }
    }
}
