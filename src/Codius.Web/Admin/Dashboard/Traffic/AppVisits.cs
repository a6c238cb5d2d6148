using Codius.Web.Apps;

namespace Codius.Web.Admin.Dashboard.Traffic;

/// <summary>
/// Which apps are visited most at this gateway: the counts that it has for their idleness, compared with those of up to an hour ago.
/// </summary>
internal sealed class AppVisits(AppActivity activity, TimeProvider time)
{
    /// <summary>One in a quarter of an hour, of three quarters: what is shown is of the last 45 to 60 minutes.</summary>
    private const int Samples = 4;

    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new([new Sample(time.GetUtcNow(), new Dictionary<string, long>())]);
    private DateTimeOffset _last = time.GetUtcNow();

    /// <summary>Since when <see cref="Busiest"/> counts.</summary>
    public DateTimeOffset Since
    {
        get { lock (_gate) return _samples.Peek().At; }
    }

    /// <summary>All visits of all apps so far; fewer once an app is deleted.</summary>
    public long Total => activity.Traffic.Sum(app => app.Begun);

    /// <summary>Remembers the counts of now, if the last ones are old enough.</summary>
    public void Remember()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (now - _last < Apart) return;
            _last = now;
            _samples.Enqueue(new Sample(now, activity.Traffic.ToDictionary(app => app.App, app => app.Begun, StringComparer.Ordinal)));
            if (_samples.Count > Samples) _samples.Dequeue();
        }
    }

    /// <summary>The apps with the most visits, the busiest first; none without visits.</summary>
    public IReadOnlyList<VisitedApp> Busiest(int count)
    {
        Dictionary<string, long> before;
        lock (_gate) before = _samples.Peek().Counts;
        var busiest = new PriorityQueue<VisitedApp, (long, string)>();
        foreach (var app in activity.Traffic)
        {
            // The counter of an app that was deleted meanwhile begins anew.
            var known = before.GetValueOrDefault(app.App);
            var visits = app.Begun < known ? app.Begun : app.Begun - known;
            if (visits == 0) continue;
            busiest.Enqueue(new VisitedApp(app.App, visits, app.Open), (visits, app.App));
            if (busiest.Count > count) busiest.Dequeue();
        }
        return [.. busiest.UnorderedItems.Select(item => item.Element)
            .OrderByDescending(app => app.Visits).ThenBy(app => app.Name, StringComparer.Ordinal)];
    }

    private sealed record Sample(DateTimeOffset At, Dictionary<string, long> Counts);
}

/// <summary>An app and its visits of about an hour.</summary>
internal readonly record struct VisitedApp(string Name, long Visits, int Open);
