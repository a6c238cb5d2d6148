using Codius.Testing;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Tests.Admin.Api;
using Codius.Web.Tests.Admin.Dashboard.Live;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Dashboard.Traffic;

/// <summary>The minutes of the last hour.</summary>
public sealed class VisitPulseTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FailedVisits _failed = new();
    private readonly AppActivity _activity;
    private readonly Happenings _happenings;
    private readonly VisitPulse _pulse;

    public VisitPulseTests()
    {
        var supervisor = Supervised.By(_time);
        _activity = new AppActivity(_time);
        _happenings = new Happenings(
            new FakeApps(), _failed, new RaisedChanges(), new StagedBooks(), new Asset("USD", 9), supervisor, _time);
        _pulse = new VisitPulse(new AppVisits(_activity, _time), _failed, _happenings, supervisor, _time);
    }

    public void Dispose()
    {
        _pulse.Dispose();
        _happenings.Dispose();
    }

    [Fact]
    public void The_minute_of_now_counts_at_once_and_each_in_its_own()
    {
        Fail(errors: 3, unpaid: 1);
        Assert.Equal([new PulseCount(0, 0, 1, 3)], _pulse.Read());
        _pulse.EndMinute();
        Fail(errors: 0, unpaid: 2);
        _activity.Begin(new HostedApp("hello", new string('a', 52), "an image"));

        Assert.Equal([new PulseCount(0, 0, 1, 3), new PulseCount(1, 0, 2, 0)], _pulse.Read());
    }

    [Fact]
    public void What_is_older_than_an_hour_counts_no_more()
    {
        Fail(errors: 3, unpaid: 0);
        for (var minute = 1; minute < VisitPulse.Minutes; minute++) _pulse.EndMinute();
        Assert.Equal(3, _pulse.Read().Sum(minute => minute.Errors));
        for (var minute = 0; minute < 40; minute++) _pulse.EndMinute();

        Assert.Equal((VisitPulse.Minutes, 0), (_pulse.Read().Count, _pulse.Read().Sum(minute => minute.Errors)));
    }

    private void Fail(int errors, int unpaid)
    {
        for (var i = 0; i < errors; i++) _failed.CountError("hello");
        for (var i = 0; i < unpaid; i++) _failed.CountUnpaid("hello");
    }
}
