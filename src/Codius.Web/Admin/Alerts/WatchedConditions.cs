using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts;

/// <summary>The conditions that were seen lately, each by its id; used by one caller at a time.</summary>
/// <param name="most">How many are watched at a time; more are left out until some are over.</param>
internal sealed class WatchedConditions(int most = int.MaxValue)
{
    private readonly Dictionary<string, WatchedCondition> _watched = new(StringComparer.Ordinal);

    public IReadOnlyCollection<WatchedCondition> All => _watched.Values;

    /// <summary>True if a rule is an alert of a subject already.</summary>
    public bool IsAlert(AlertRule rule, string subject) =>
        _watched.TryGetValue(WatchedCondition.IdOf(rule, subject), out var known) && known.IsAlert;

    public void See(IEnumerable<AlertCondition> conditions, DateTimeOffset now)
    {
        foreach (var condition in conditions)
        {
            var id = WatchedCondition.IdOf(condition);
            if (!_watched.TryGetValue(id, out var watched))
            {
                if (_watched.Count >= most) return;
                _watched[id] = watched = new WatchedCondition(condition, now);
            }
            watched.See(condition, now);
        }
    }

    /// <summary>An alert that other gateways know, or this one before it started anew.</summary>
    public void Adopt(AlertCondition condition, DateTimeOffset now)
    {
        if (!_watched.ContainsKey(WatchedCondition.IdOf(condition))) Adopt(condition, now, now, now);
    }

    /// <summary>An alert that no gateway has seen for a while; what is watched here already is an alert from now on.</summary>
    /// <param name="condition">What it was.</param>
    /// <param name="since">When it began.</param>
    /// <param name="lastSeen">When a gateway last saw it.</param>
    /// <param name="now">The time.</param>
    public void Adopt(AlertCondition condition, DateTimeOffset since, DateTimeOffset lastSeen, DateTimeOffset now)
    {
        var id = WatchedCondition.IdOf(condition);
        if (!_watched.TryGetValue(id, out var watched))
        {
            if (_watched.Count >= most) return;
            _watched[id] = watched = new WatchedCondition(condition, lastSeen);
        }
        if (!watched.IsAlert) watched.Adopt(since, lastSeen, now);
    }

    /// <summary>Takes out those that are over.</summary>
    public IReadOnlyList<WatchedCondition> TakeOver(DateTimeOffset now)
    {
        var over = _watched.Values.Where(condition => condition.IsOver(now)).ToList();
        foreach (var condition in over) _watched.Remove(condition.Id);
        return over;
    }
}
