namespace Codius.Web.Visits.Forwarding;

/// <summary>What cancels a visit whose time is up; used by one visit after the other, since a new one costs each three objects.</summary>
internal sealed class DeadlineClock
{
    private readonly CancellationTokenSource _passed = new();
    private volatile AnswerDeadline? _deadline;

    /// <summary>Of the visit that has it now; null while none does.</summary>
    public AnswerDeadline? Deadline { get => _deadline; set => _deadline = value; }

    public CancellationToken Token => _passed.Token;

    /// <summary>Ends the visit. What that entails is not waited for: other visits' times are up too.</summary>
    public void Cancel() => _ = _passed.CancelAsync();

    /// <summary>Forgets the visit, and what waited for its time.</summary>
    public bool TryReset()
    {
        _deadline = null;
        return _passed.TryReset();
    }
}
