namespace Codius.Web.Hosting.Supervision;

/// <summary>What is remembered of all work of one name.</summary>
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
    /// <param name="exception">Why.</param>
    /// <param name="now">When.</param>
    /// <param name="isFirst">True if that piece was well before.</param>
    public void Failed(Exception exception, DateTimeOffset now, bool isFirst)
    {
        lock (_gate)
        {
            if (isFirst && _failing++ == 0) _status = _status with { IsFailing = true, Since = now };
            var words = $"{exception.GetType().Name}: {exception.Message}";
            _status = _status with { Failures = _status.Failures + 1, LastFailedAt = now, LastError = words };
        }
    }

    /// <summary>A piece that failed is well again, or has ended.</summary>
    public void Recovered(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (--_failing == 0) _status = _status with { IsFailing = false, Since = now };
        }
    }
}

/// <summary>How work of one name is.</summary>
/// <param name="Name">What it is called in the log, the metric and health.</param>
/// <param name="IsFailing">True while a piece of it failed last.</param>
/// <param name="Since">When that began or ended; null if nothing ever failed.</param>
/// <param name="Failures">How often it failed since the gateway started.</param>
/// <param name="LastFailedAt">When it failed last; null if it never did.</param>
/// <param name="LastError">The type and message of the last exception.</param>
internal sealed record WorkStatus(
    string Name, bool IsFailing = false, DateTimeOffset? Since = null,
    long Failures = 0, DateTimeOffset? LastFailedAt = null, string? LastError = null);
