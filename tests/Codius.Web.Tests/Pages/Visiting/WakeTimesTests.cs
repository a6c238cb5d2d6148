using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Pages.Visiting;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Pages.Visiting;

public sealed class WakeTimesTests
{
    private static readonly AppState Awake = new AppState.Awake(new Uri("http://127.0.0.1:1"));

    private readonly FakeTimeProvider _time = new();
    private readonly FakeApps _apps = new();

    [Fact]
    public void Without_history_nothing_is_said_of_what_is_usual()
    {
        using var wakes = Times();
        Assert.Equal("", wakes.Of("hello").Words);

        _apps.Set("hello", AppState.Waking);
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal("Waiting for 4 seconds.", wakes.Of("hello").Words);
    }

    [Fact]
    public void The_middle_of_the_last_wakes_is_what_is_usual()
    {
        using var wakes = Times();
        foreach (var seconds in new[] { 90, 5, 6, 7, 5 }) Wake(seconds);
        Assert.Equal("It usually takes about 6 seconds.", wakes.Of("hello").Words);

        foreach (var _ in Enumerable.Range(0, 5)) Wake(1);
        _apps.Set("hello", AppState.Waking);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Waiting for 1 second; it usually takes about 1.", wakes.Of("hello").Words);
    }

    [Fact]
    public void A_wake_that_failed_or_was_given_up_is_no_measure()
    {
        using var wakes = Times();
        foreach (var end in new[] { new AppState.Failed("no"), AppState.Asleep })
        {
            _apps.Set("hello", AppState.Waking);
            _time.Advance(TimeSpan.FromSeconds(30));
            _apps.Set("hello", end);
        }

        Assert.Equal(new WakeWait(TimeSpan.Zero, null), wakes.Of("hello"));
    }

    private WakeTimes Times()
    {
        _apps.Host("hello");
        return new WakeTimes(_apps, _apps, _time);
    }

    private void Wake(int seconds, string app = "hello")
    {
        _apps.Set(app, AppState.Waking);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _apps.Set(app, Awake);
        _apps.Set(app, AppState.Asleep);
    }
}
