using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Admin.Dashboard.Live;

/// <summary>Which apps' failed visits come into the feed, and when.</summary>
public sealed class FailingAppsTests
{
    private readonly FailingApps _apps = new();
    private readonly Dictionary<string, long> _feed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _everShown = new(StringComparer.Ordinal);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Of_a_burst_all_come_with_all_their_visits_a_few_at_a_time()
    {
        Fail(Enumerable.Range(1, 25).Select(app => ($"app-{app}", 1L)));
        Assert.Equal(FailingApps.Most, _feed.Count);
        Fail([("app-1", 4), ("app-25", 6)]);
        for (var round = 0; round < 4; round++) Pass(FailingApps.Stay);

        Assert.Equal(25, _everShown.Count);
        Assert.Equal((5, 7, 1), (_everShown["app-1/erred"], _everShown["app-25/erred"], _everShown["app-2/erred"]));
    }

    [Fact]
    public void What_is_shown_counts_on_and_keeps_its_place_for_a_while()
    {
        Fail(Enumerable.Range(1, 11).Select(app => ($"app-{app}", 20L - app)));
        Fail([("app-1", 1), ("app-11", 1000)]);

        Assert.Equal(20, _feed["app-1/erred"]);
        Assert.DoesNotContain("app-11/erred", _feed.Keys);
        Pass(FailingApps.Stay);
        Assert.Equal(1009, _feed["app-11/erred"]);
        Assert.Equal(FailingApps.Most, _feed.Count);
    }

    [Fact]
    public void No_app_waits_for_ever_while_others_fail_more()
    {
        Fail(Enumerable.Range(1, 40).Select(app => ($"busy-{app}", 1_000L)));
        Fail([("quiet", 1)]);
        for (var round = 0; round < 20; round++)
        {
            Pass(FailingApps.Stay);
            Fail(Enumerable.Range(1, 40).Select(app => ($"busy-{app}", 1_000L)));
        }

        Assert.Contains("quiet/erred", _everShown.Keys);
    }

    [Fact]
    public void A_place_that_others_took_in_the_feed_is_free()
    {
        Fail(Enumerable.Range(1, 11).Select(app => ($"app-{app}", 1L)));
        var waiting = Assert.Single(Enumerable.Range(1, 11).Select(app => $"app-{app}/erred").Except(_feed.Keys));
        _feed.Remove(_feed.Keys.First());
        Fail([]);

        Assert.Contains(waiting, _feed.Keys);
    }

    [Fact]
    public void Lines_that_wait_are_bounded()
    {
        for (var round = 0; round < 3; round++) Fail(Enumerable.Range(1, 2_000).Select(app => ($"app-{app}", 1L)));
        for (var round = 0; round < 500; round++) Pass(FailingApps.Stay);

        Assert.InRange(_everShown.Count, FailingApps.MostWaiting, FailingApps.MostWaiting + (3 * FailingApps.Most));
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        Fail([]);
    }

    private void Fail(IEnumerable<(string App, long Errors)> failed)
    {
        var counted = failed.Select(app => new FailedVisitCount(app.App, 0, app.Errors)).ToList();
        foreach (var line in _apps.Next(counted, line => _feed.ContainsKey(line.Key), _now))
        {
            if (line.Instead is { } gone) Assert.True(_feed.Remove(gone.Key));
            _feed[line.Of.Key] = _feed.GetValueOrDefault(line.Of.Key) + line.Visits;
            _everShown[line.Of.Key] = _everShown.GetValueOrDefault(line.Of.Key) + line.Visits;
        }
    }
}
