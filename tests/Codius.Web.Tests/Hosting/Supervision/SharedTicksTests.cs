using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Supervision;

public sealed class SharedTicksTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Rounds_that_began_at_different_times_share_their_ticks()
    {
        var ticks = new List<(string Round, TimeSpan At)>();
        var began = _time.GetTimestamp();
        using var first = Start("first", Second);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        using var second = Start("second", Second);
        _time.Advance(TimeSpan.FromMilliseconds(350));
        using var slower = Start("slower", 2 * Second);
        for (var moment = 0; moment < 40; moment++) _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.All(ticks, tick => Assert.InRange((tick.At.TotalMilliseconds + 50) % 1000, 0, 100));
        Assert.Equal((4, 4, 2), (Count("first"), Count("second"), Count("slower")));

        int Count(string round) => ticks.Count(tick => tick.Round == round);

        ITimer Start(string round, TimeSpan period) =>
            SharedTicks.Call(() => ticks.Add((round, _time.GetElapsedTime(began))), period, _time);
    }

    [Fact]
    public async Task A_timer_that_is_waited_for_ticks_with_them_and_the_next_time_after_its_period()
    {
        _time.Advance(TimeSpan.FromMilliseconds(400));
        using var timer = SharedTicks.Every(Second, _time);
        var tick = timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(599));
        Assert.False(tick.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await tick);

        tick = timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(tick.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await tick);
    }
}
