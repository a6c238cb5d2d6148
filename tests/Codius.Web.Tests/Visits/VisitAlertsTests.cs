using Codius.Web.Apps;
using Codius.Web.Visits;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits;

/// <summary>What is a spike of visits that end with 402, or with an error.</summary>
public sealed class VisitAlertsTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly FailedVisits _failed = new();
    private readonly VisitAlerts _alerts;
    private long _all;

    public VisitAlertsTests() => _alerts = new VisitAlerts(_failed, _time) { CountAll = () => _all };

    [Fact]
    public void Many_unpaid_visits_after_an_hour_of_few_are_one()
    {
        Run(TimeSpan.FromHours(1), answered: 100, unpaid: 1, failed: 0);

        Assert.Equal(["many-unpaid-visits"], Run(TimeSpan.FromMinutes(5), answered: 100, unpaid: 30, failed: 0));
    }

    [Fact]
    public void Errors_of_apps_and_host_are_one_of_their_own()
    {
        Run(TimeSpan.FromHours(1), answered: 100, unpaid: 0, failed: 0);

        Assert.Equal(["many-failed-visits"], Run(TimeSpan.FromMinutes(5), answered: 100, unpaid: 0, failed: 30));
    }

    [Fact]
    public void What_was_so_for_an_hour_is_no_spike_and_neither_are_a_few_or_a_small_share()
    {
        Run(TimeSpan.FromHours(2), answered: 100, unpaid: 30, failed: 30);
        Assert.Empty(Run(TimeSpan.FromMinutes(5), answered: 100, unpaid: 30, failed: 30));
        Run(TimeSpan.FromHours(2), answered: 1, unpaid: 0, failed: 0);
        Assert.Empty(Run(TimeSpan.FromMinutes(5), answered: 1, unpaid: 1, failed: 0));
        Run(TimeSpan.FromHours(2), answered: 1000, unpaid: 0, failed: 0);
        Assert.Empty(Run(TimeSpan.FromMinutes(5), answered: 1000, unpaid: 30, failed: 30));
    }

    [Fact]
    public void After_a_start_what_was_so_before_is_no_spike()
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(10); passed += Step)
            Assert.Empty(Run(Step, answered: 100, unpaid: 30, failed: 30));
    }

    [Fact]
    public void It_is_over_when_visits_end_well_again()
    {
        Run(TimeSpan.FromHours(1), answered: 100, unpaid: 0, failed: 0);
        Run(TimeSpan.FromMinutes(5), answered: 100, unpaid: 50, failed: 0);

        Assert.Empty(Run(TimeSpan.FromMinutes(6), answered: 100, unpaid: 0, failed: 0));
    }

    [Fact]
    public void Without_any_visit_there_is_none() => Assert.Empty(Run(TimeSpan.FromHours(3), 0, 0, 0));

    /// <summary>So many visits in each step of a time; the rules that hold at its end.</summary>
    private string[] Run(TimeSpan span, int answered, int unpaid, int failed)
    {
        var last = Array.Empty<string>();
        for (var passed = TimeSpan.Zero; passed < span; passed += Step)
        {
            _time.Advance(Step);
            _all += answered + unpaid + failed;
            for (var i = 0; i < unpaid; i++) _failed.CountUnpaid("poor");
            for (var i = 0; i < failed; i++) _failed.CountError("broken");
            last = [.. _alerts.Check().Select(condition => condition.Rule.Id)];
        }
        return last;
    }
}
