namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Ends a visit whose app does not begin to answer in time. The clock runs while the app has its turn, and stands still while the
/// gateway waits for more of the client's upload.
/// </summary>
internal sealed class AnswerDeadline : IDisposable
{
    private const int Standing = 0, Over = -1, Passed = -2;

    private readonly AnswerDeadlines _all;
    private readonly DeadlineClock _clock;
    // The second in which the time is up, or one of the above. An upload may set it while the answer begins, or after the visit.
    private int _due = Standing;

    public AnswerDeadline(AnswerDeadlines all, DeadlineClock clock)
    {
        (_all, _clock) = (all, clock);
        clock.Deadline = this;
    }

    /// <summary>Cancelled when the time is up; not to be used once this is disposed.</summary>
    public CancellationToken Token => _clock.Token;

    public bool HasPassed => Volatile.Read(ref _due) == Passed;

    /// <summary>Starts the clock anew; nothing once the answer has begun.</summary>
    public void Run() => Set(_all.Due);

    public void Pause() => Set(Standing);

    /// <summary>Stops the clock for good: what has begun may last as long as it likes. False if the time was up before.</summary>
    public bool TryBeginAnswer() => Set(Over) || !HasPassed;

    /// <summary>True if the time is up in this second: once.</summary>
    public bool TryPass(int second)
    {
        var due = Volatile.Read(ref _due);
        return due > Standing && due <= second && Interlocked.CompareExchange(ref _due, Passed, due) == due;
    }

    public void Dispose()
    {
        // An upload may end a moment after its visit, when the clock is another visit's: this one has ended then.
        Set(Over);
        if (HasPassed) _all.Drop(_clock);
        else _all.Return(_clock);
    }

    private bool Set(int value)
    {
        while (true)
        {
            var before = Volatile.Read(ref _due);
            if (before < Standing) return false;
            if (Interlocked.CompareExchange(ref _due, value, before) == before) return true;
        }
    }
}
