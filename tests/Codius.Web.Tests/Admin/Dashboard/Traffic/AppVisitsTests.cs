using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Apps;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Dashboard.Traffic;

/// <summary>Which apps are visited most.</summary>
public sealed class AppVisitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AppActivity _activity;

    public AppVisitsTests() => _activity = new AppActivity(_time);

    [Fact]
    public void The_busiest_of_the_last_hour_come_first_and_no_more_than_asked_for()
    {
        var visits = new AppVisits(_activity, _time);
        Visit("long-ago", 100);
        for (var quarter = 0; quarter < 5; quarter++) Pass(visits);
        Visit("some", 3);
        Visit("many", 7);
        Visit("few", 1);
        _activity.Begin(App("many"));

        Assert.Equal([new VisitedApp("many", 8, 1), new VisitedApp("some", 3, 0)], visits.Busiest(2));
        Assert.Equal(["many", "some", "few"], visits.Busiest(10).Select(app => app.Name));
        Assert.Equal(112, visits.Total);
        Assert.Equal(TimeSpan.FromMinutes(45), _time.GetUtcNow() - visits.Since);
    }

    [Fact]
    public void An_app_that_was_deleted_and_deployed_again_counts_from_there()
    {
        var visits = new AppVisits(_activity, _time);
        Visit("it", 9);
        for (var quarter = 0; quarter < 5; quarter++) Pass(visits);
        _activity.Forget("it");
        Visit("it", 2);

        Assert.Equal([new VisitedApp("it", 2, 0)], visits.Busiest(10));
    }

    [Fact]
    public void However_often_it_remembers_three_quarters_of_an_hour_are_kept()
    {
        var visits = new AppVisits(_activity, _time);
        Visit("early", 5);
        for (var minute = 0; minute < 44; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            visits.Remember();
        }

        Assert.Equal([new VisitedApp("early", 5, 0)], visits.Busiest(1));
    }

    private void Pass(AppVisits visits)
    {
        _time.Advance(TimeSpan.FromMinutes(15));
        visits.Remember();
    }

    private void Visit(string name, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _activity.Begin(App(name));
            _activity.End(App(name));
        }
    }

    private static HostedApp App(string name) => new(name, new string('a', 52), "an image");
}
