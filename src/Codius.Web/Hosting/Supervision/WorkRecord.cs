namespace Codius.Web.Hosting.Supervision;

/// <summary>The failures of all work of one name.</summary>
internal sealed class WorkRecord(string name)
{
    private readonly Lock _gate = new();
    private int _failing;
    private WorkStatus _status = new(name);

    public WorkStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>One piece of this work failed.</summary>
    /// <param name="exception">The cause.</param>
    /// <param name="now">The time.</param>
    /// <param name="isFirst">True if that piece was not failing before.</param>
    public void Failed(Exception exception, DateTimeOffset now, bool isFirst)
    {
        lock (_gate)
        {
            if (isFirst && _failing++ == 0) _status = _status with { IsFailing = true, Since = now };
            var error = $"{exception.GetType().Name}: {exception.Message}";
            _status = _status with { Failures = _status.Failures + 1, LastFailedAt = now, LastError = error };
        }
    }

    /// <summary>A piece that failed has recovered, or has ended.</summary>
    public void Recovered(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (--_failing == 0) _status = _status with { IsFailing = false, Since = now };
        }
    }
}

/// <summary>The status of all work of one name.</summary>
/// <param name="Name">Its name in logs, metrics and health.</param>
/// <param name="IsFailing">True while a piece of it is failing.</param>
/// <param name="Since">When the failing began or ended; null if it never failed.</param>
/// <param name="Failures">How often it failed since the gateway started.</param>
/// <param name="LastFailedAt">When it failed last; null if it never did.</param>
/// <param name="LastError">The type and message of the last exception.</param>
internal sealed record WorkStatus(
    string Name, bool IsFailing = false, DateTimeOffset? Since = null,
    long Failures = 0, DateTimeOffset? LastFailedAt = null, string? LastError = null);
