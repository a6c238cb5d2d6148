using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>When a condition is an alert.</summary>
public sealed class AlertWatchTests : AlertStage
{
    [Fact]
    public async Task What_has_ended_is_remembered_until_when_it_was_seen()
    {
        await using var bench = new AlertBench(Store, Time);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(AlertWatch.Interval);
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);
        Assert.Empty(bench.Watch.Past);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(2 * Minute);
        var until = Time.GetUtcNow();
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        var past = Assert.Single(bench.Watch.Past);
        Assert.Equal(("a-rule:a-subject", until), (past.Alert.Id, past.Until));
        Assert.Empty(bench.Watch.Current);
    }

    [Fact]
    public async Task What_lasts_is_an_alert_since_it_began_and_what_is_over_for_long_is_none()
    {
        await using var bench = new AlertBench(Store, Time);
        var changes = 0;
        bench.Watch.Changed += () => changes++;
        bench.Wrong.Add(Wrong);
        var began = Time.GetUtcNow();
        Assert.Null(bench.Watch.CheckedAt);

        await bench.RunAsync(Minute - AlertWatch.Interval);
        Assert.Empty(bench.Watch.Current);
        Assert.Equal(Time.GetUtcNow(), bench.Watch.CheckedAt);
        await bench.RunAsync(AlertWatch.Interval);
        Assert.Equal(
            new Alert("a-rule:a-subject", "a-rule", AlertSeverity.Warning, "a-subject", "It is wrong.", "Do something.", began),
            Assert.Single(bench.Watch.Current));
        bench.Wrong[0] = Wrong with { Severity = AlertSeverity.Critical, Summary = "It is worse." };
        await bench.RunAsync(Minute);
        Assert.Equal((AlertSeverity.Critical, "It is worse.", began),
            (bench.Watch.Current[0].Severity, bench.Watch.Current[0].Summary, bench.Watch.Current[0].Since));

        bench.Wrong.Clear();
        await bench.RunAsync(Minute);
        Assert.Single(bench.Watch.Current);
        await bench.RunAsync(2 * Minute);
        Assert.Empty(bench.Watch.Current);
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task What_breaks_off_before_itsTime_begins_anew()
    {
        await using var bench = new AlertBench(Store, Time);
        for (var times = 0; times < 4; times++)
        {
            bench.Wrong.Add(Wrong);
            await bench.RunAsync(Minute - AlertWatch.Interval);
            bench.Wrong.Clear();
            await bench.RunAsync(AlertWatch.Interval);
        }

        Assert.Empty(bench.Watch.Current);
    }

    [Fact]
    public async Task A_check_that_throws_hides_no_alert_of_before_for_long_and_ends_no_watch()
    {
        await using var bench = new AlertBench(Store, Time);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Trouble = new InvalidOperationException("a test");
        await bench.RunAsync(Minute);
        bench.Trouble = null;
        await bench.RunAsync(Minute);

        Assert.Single(bench.Watch.Current);
    }
}
