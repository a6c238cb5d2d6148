using Codius.Web.Apps;

namespace Codius.Web.Admin.Dashboard.Live;

/// <summary>
/// Which apps' failed visits are in the feed: few at a time, so that they do not push out all else. The others' add up until there is room:
/// one that has been shown for a while makes it.
/// </summary>
/// <remarks>
/// Of those that wait, the one with most visits and the one that has waited longest come by turns: who fails most is seen soon, and no app
/// waits for ever.
/// </remarks>
internal sealed class FailingApps
{
    /// <summary>How many lines are shown at a time; an app has one for 402, and one for errors.</summary>
    public const int Most = 10;

    /// <summary>Lines that wait; an app beyond them waits for its next failure.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>How long a line keeps its place while others wait.</summary>
    public static readonly TimeSpan Stay = TimeSpan.FromSeconds(30);

    private readonly Dictionary<FailingApp, Waiting> _waiting = [];
    private readonly Dictionary<FailingApp, DateTimeOffset> _shown = [];
    private long _turn;
    private bool _isMostsTurn;

    /// <summary>Adds up what was counted, and takes what is to be shown now.</summary>
    /// <param name="counted">The visits that failed since the last time.</param>
    /// <param name="isShown">True for a line that is in the feed still.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<FailedLine> Next(
        IReadOnlyCollection<FailedVisitCount> counted, Func<FailingApp, bool> isShown, DateTimeOffset now)
    {
        foreach (var app in counted)
        {
            Wait(new FailingApp(app.App, IsUnpaid: true), app.Unpaid);
            Wait(new FailingApp(app.App, IsUnpaid: false), app.Errors);
        }
        if (_waiting.Count == 0) return [];
        foreach (var gone in _shown.Keys.Where(line => !isShown(line)).ToList()) _shown.Remove(gone);
        var next = _shown.Keys.Where(_waiting.ContainsKey).Select(line => Take(line, null)).ToList();
        while (_waiting.Count > 0)
        {
            FailingApp? instead = null;
            if (_shown.Count >= Most)
            {
                var (oldest, since) = _shown.MinBy(line => line.Value);
                if (now - since < Stay) break;
                _shown.Remove(oldest);
                instead = oldest;
            }
            _isMostsTurn = !_isMostsTurn;
            var line = Choose(_isMostsTurn);
            _shown[line] = now;
            next.Add(Take(line, instead));
        }
        return next;
    }

    private void Wait(FailingApp line, long visits)
    {
        if (visits == 0) return;
        if (_waiting.TryGetValue(line, out var known)) _waiting[line] = known with { Visits = known.Visits + visits };
        else if (_waiting.Count < MostWaiting) _waiting[line] = new Waiting(visits, ++_turn);
    }

    private FailingApp Choose(bool mostVisits) => mostVisits
        ? _waiting.MaxBy(line => (line.Value.Visits, -line.Value.Since)).Key
        : _waiting.MinBy(line => line.Value.Since).Key;

    private FailedLine Take(FailingApp line, FailingApp? instead)
    {
        _waiting.Remove(line, out var waited);
        return new FailedLine(line, waited.Visits, instead);
    }

    /// <param name="Visits">What has added up.</param>
    /// <param name="Since">Rises with each that begins to wait.</param>
    private readonly record struct Waiting(long Visits, long Since);
}

/// <summary>Visits of one app that failed in one way.</summary>
/// <param name="App">Its name.</param>
/// <param name="IsUnpaid">With 402; otherwise with an error.</param>
internal readonly record struct FailingApp(string App, bool IsUnpaid)
{
    public string Kind => IsUnpaid ? "unpaid" : "erred";

    public string Key => $"{App}/{Kind}";
}

/// <summary>Failed visits that the feed shows now.</summary>
/// <param name="Of">Whose.</param>
/// <param name="Visits">How many more.</param>
/// <param name="Instead">Whose line goes for it; null for none.</param>
internal sealed record FailedLine(FailingApp Of, long Visits, FailingApp? Instead);
