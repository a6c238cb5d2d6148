using Codius.Web.Apps;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps;

public sealed class StartHistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StartHistory _history;

    public StartHistoryTests() => _history = new StartHistory(_time);

    [Fact]
    public void After_three_failures_the_waits_are_1_2_4_8_16_and_then_30_minutes()
    {
        var waits = new List<double>();
        for (var failures = 1; failures <= 10; failures++)
        {
            if (_history.Failed("one", "no database") is not { } retryAt) continue;
            Assert.Equal(new AppState.Failed("no database", retryAt), _history.Forbids("one"));
            waits.Add((retryAt - _time.GetUtcNow()).TotalMinutes);
            _time.SetUtcNow(retryAt);
            Assert.Null(_history.Forbids("one"));
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], waits);
    }

    [Fact]
    public void A_good_start_makes_up_for_all_failures()
    {
        for (var failures = 0; failures < 5; failures++) _history.Failed("one", "no database");

        _history.Succeeded("one");

        Assert.Null(_history.Forbids("one"));
        Assert.Equal(0, _history.FailuresOf("one"));
        Assert.Null(_history.Failed("one", "again"));
    }

    [Fact]
    public void Who_has_not_been_tried_for_two_hours_is_forgotten()
    {
        _history.Failed("old", "no database");
        _time.Advance(TimeSpan.FromHours(2.1));
        _history.Failed("new", "no database");

        Assert.Equal(0, _history.FailuresOf("old"));
        Assert.Equal(1, _history.FailuresOf("new"));
    }
}
