using Codius.Web.Apps;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps;

public sealed class AppActivityTests
{
    private static readonly HostedApp App = new("hello", "one", "hello");
    private readonly FakeTimeProvider _time = new();
    private readonly AppActivity _activity;

    public AppActivityTests() => _activity = new AppActivity(_time);

    [Fact]
    public void An_app_nobody_visited_has_no_idle_time()
    {
        Assert.Null(_activity.IdleFor("hello"));
        Assert.Equal(0, _activity.Open("hello"));
    }

    [Fact]
    public void Idle_time_counts_from_the_last_end_and_is_zero_while_anything_is_open()
    {
        _activity.Begin(App);
        _activity.Begin(App);
        _activity.End(App);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, _activity.IdleFor("hello"));

        _activity.End(App);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), _activity.IdleFor("hello"));
        Assert.Equal(0, _activity.Open("hello"));
    }

    [Fact]
    public async Task Who_waits_for_quiet_is_told_at_the_last_end()
    {
        Assert.True(_activity.WhenQuietAsync("hello", TestContext.Current.CancellationToken).IsCompleted);
        _activity.Begin(App);
        _activity.Begin(App);
        var quiet = _activity.WhenQuietAsync("hello", TestContext.Current.CancellationToken);
        _activity.End(App);
        Assert.False(quiet.IsCompleted);

        _activity.End(App);

        await quiet;
    }

    [Fact]
    public void Apps_that_are_no_longer_hosted_are_forgotten_unless_something_is_open()
    {
        _activity.Begin(App);
        _activity.ForgetAllBut(AppSnapshot.Empty);
        Assert.Equal(1, _activity.Open("hello"));

        _activity.End(App);
        _activity.ForgetAllBut(new AppSnapshot([App]));
        Assert.NotNull(_activity.IdleFor("hello"));
        _activity.ForgetAllBut(AppSnapshot.Empty);

        Assert.Null(_activity.IdleFor("hello"));
    }

    [Fact]
    public async Task No_visit_is_lost_while_others_begin_end_and_are_forgotten()
    {
        const int Visits = 50_000;
        using var done = new CancellationTokenSource();
        var ended = done.Token;
        var forgetting = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested) _activity.Forget("hello");
        }, TestContext.Current.CancellationToken);

        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var visit = 0; visit < Visits; visit++)
                {
                    _activity.Begin(App);
                    Assert.InRange(_activity.Open("hello"), 1, 4);
                    _activity.End(App);
                }
            })));
        }
        finally
        {
            await done.CancelAsync();
            await forgetting;
        }

        Assert.Equal(0, _activity.Open("hello"));
        _activity.Begin(App);
        Assert.Equal(1, _activity.Open("hello"));
    }
}
