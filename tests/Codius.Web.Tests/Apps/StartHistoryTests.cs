using Codius.Web.Apps;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps;

public sealed class StartHistoryTests
{
    private static readonly AppState.Failed NoDatabase = new("It ended with exit code 3.") { Output = "no database" };
    private static readonly AppState.Failed NoRoom = new("no room") { Cause = FailureCause.Host };

    private readonly FakeTimeProvider _time = new();
    private readonly StartHistory _history;

    public StartHistoryTests() => _history = new StartHistory(_time);

    [Fact]
    public void After_three_failures_the_waits_are_1_2_4_8_16_and_then_30_minutes()
    {
        var waits = new List<double>();
        for (var failures = 1; failures <= 10; failures++)
        {
            var failed = _history.Failed("one", NoDatabase);
            if (failed.RetryAt is not { } retryAt) continue;
            Assert.Equal(NoDatabase with { RetryAt = retryAt }, failed);
            Assert.Equal(failed, _history.Forbids("one"));
            waits.Add((retryAt - _time.GetUtcNow()).TotalMinutes);
            _time.SetUtcNow(retryAt);
            Assert.Null(_history.Forbids("one"));
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], waits);
    }

    [Fact]
    public void A_good_start_makes_up_for_all_failures()
    {
        for (var failures = 0; failures < 5; failures++) _history.Failed("one", NoDatabase);

        _history.Succeeded("one");

        Assert.Null(_history.Forbids("one"));
        Assert.Equal(0, _history.FailuresOf("one"));
        Assert.Null(_history.Failed("one", NoDatabase).RetryAt);
    }

    [Fact]
    public void A_failure_of_the_host_is_not_counted_and_waits_a_moment_and_in_a_row_up_to_a_minute()
    {
        double[] waits = [5, 10, 20, 40, 60, 60];
        foreach (var wait in waits)
        {
            Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(wait), _history.Failed("one", NoRoom).RetryAt);
            Assert.NotNull(_history.Forbids("one"));
            _time.Advance(TimeSpan.FromSeconds(wait));
            Assert.Null(_history.Forbids("one"));
        }

        Assert.Equal(0, _history.FailuresOf("one"));
        Assert.Null(_history.Failed("one", NoDatabase).RetryAt);
    }

    [Fact]
    public void The_waits_for_the_host_begin_anew_once_an_app_has_served()
    {
        for (var failures = 0; failures < 4; failures++) _history.Failed("one", NoRoom);

        _history.Served("one", TimeSpan.FromSeconds(30));

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(5), _history.Failed("one", NoRoom).RetryAt);
    }

    [Fact]
    public void The_count_begins_anew_once_an_app_has_served_for_a_while()
    {
        for (var failures = 0; failures < 2; failures++) _history.Failed("one", NoDatabase);

        _history.Served("one", TimeSpan.FromSeconds(29));
        Assert.Equal(2, _history.FailuresOf("one"));
        _history.Served("one", TimeSpan.FromSeconds(30));

        Assert.Equal(0, _history.FailuresOf("one"));
    }

    [Fact]
    public void Who_has_not_been_tried_for_two_hours_is_forgotten()
    {
        _history.Failed("old", NoDatabase);
        _time.Advance(TimeSpan.FromHours(2.1));
        _history.Failed("new", NoDatabase);

        Assert.Equal(0, _history.FailuresOf("old"));
        Assert.Equal(1, _history.FailuresOf("new"));
    }
}
