namespace Codius.Web.Apps;

/// <summary>
/// Counts the visits that this gateway answered with 402 or an error, by app. Only those visits pass here, never one that was served.
/// </summary>
internal sealed class FailedVisits
{
    /// <summary>Apps that are counted by name between two readings; of more only the totals grow.</summary>
    private const int MostApps = 1_000;

    private readonly Lock _gate = new();
    private Dictionary<string, FailedVisitCount> _byApp = new(StringComparer.Ordinal);
    private long _unpaid;
    private long _errors;

    /// <summary>Visits that ended with 402, since the gateway started.</summary>
    public long Unpaid => Volatile.Read(ref _unpaid);

    /// <summary>Visits that ended with an error of the app or of the host, since the gateway started.</summary>
    public long Errors => Volatile.Read(ref _errors);

    public void CountUnpaid(string app) => Count(app, 1, 0);

    /// <param name="app">Null if the gateway failed before the app was found.</param>
    public void CountError(string? app) => Count(app, 0, 1);

    /// <summary>What was counted since it was last taken: one reader alone takes it.</summary>
    public IReadOnlyCollection<FailedVisitCount> Take()
    {
        lock (_gate)
        {
            if (_byApp.Count == 0) return [];
            var taken = _byApp;
            _byApp = new(StringComparer.Ordinal);
            return taken.Values;
        }
    }

    private void Count(string? app, int unpaid, int errors)
    {
        lock (_gate)
        {
            _unpaid += unpaid;
            _errors += errors;
            if (app is null) return;
            if (_byApp.TryGetValue(app, out var known))
                _byApp[app] = known with { Unpaid = known.Unpaid + unpaid, Errors = known.Errors + errors };
            else if (_byApp.Count < MostApps) _byApp[app] = new FailedVisitCount(app, unpaid, errors);
        }
    }
}

/// <summary>Visits to one app that ended with 402, and with an error.</summary>
internal readonly record struct FailedVisitCount(string App, long Unpaid, long Errors);
