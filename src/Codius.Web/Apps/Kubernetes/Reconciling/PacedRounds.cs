namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// Goes through all names again and again, at most so many a second after the first of a round: with few names a round is done at once,
/// with many it takes longer, but a second costs the same.
/// </summary>
/// <param name="every">The least time between the beginnings of two rounds.</param>
/// <param name="perSecond">How many names one call returns.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedRounds(TimeSpan every, int perSecond, TimeProvider time)
{
    private const int AtOnce = 200;

    private string[] _names = [];
    private int _next;
    private long _begunAt = time.GetTimestamp();
    private volatile bool _restart;

    /// <summary>A new round begins with the next call.</summary>
    public void Restart() => _restart = true;

    /// <summary>The names of this second; called once a second.</summary>
    public ReadOnlySpan<string> Next(Func<IEnumerable<string>> all)
    {
        var count = perSecond;
        if (_restart || _next == _names.Length)
        {
            if (!_restart && time.GetElapsedTime(_begunAt) < every) return [];
            _restart = false;
            _begunAt = time.GetTimestamp();
            (_names, _next, count) = ([.. all()], 0, AtOnce);
        }
        var due = _names.AsSpan(_next, Math.Min(count, _names.Length - _next));
        _next += due.Length;
        return due;
    }
}
