namespace Codius.Web.Visits.Forwarding;

/// <summary>What cancels a visit whose time is up; used by one visit after the other, since a new one costs each three objects.</summary>
internal sealed class DeadlineClock : CancellationTokenSource
{
    private volatile AnswerDeadline? _deadline;

    /// <summary>Of the visit that has it now; null while none does.</summary>
    public AnswerDeadline? Deadline { get => _deadline; set => _deadline = value; }

    /// <summary>Forgets the visit, and what waited for its time. False if that was up.</summary>
    public bool TryReuse()
    {
        _deadline = null;
        return TryReset();
    }
}
