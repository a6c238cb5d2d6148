using Codius.Testing;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Visits;
using Codius.Web.Visits.Forwarding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>Deadlines are looked at together, and share their clocks one after the other.</summary>
public sealed class AnswerDeadlineTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();
    private readonly AnswerDeadlines _deadlines;

    public AnswerDeadlineTests() =>
        _deadlines = new AnswerDeadlines(
            Options.Create(new VisitOptions { ResponseTimeout = Limit }), new Supervisor(_time, NullLogger<Supervisor>.Instance), _time);

    public void Dispose() => _deadlines.Dispose();

    [Fact]
    public async Task A_visit_has_its_whole_time_and_a_second_more_at_most()
    {
        using var deadline = _deadlines.New();
        deadline.Run();

        Pass(seconds: 3);
        Assert.False(deadline.HasPassed);
        Assert.False(deadline.Token.IsCancellationRequested);

        Pass(seconds: 1);
        Assert.True(deadline.HasPassed);
        await Eventually.TrueAsync("the visit is ended", () => deadline.Token.IsCancellationRequested);
        Assert.False(deadline.TryBeginAnswer());
    }

    [Fact]
    public async Task The_seconds_come_from_the_clock()
    {
        using var deadline = _deadlines.New();
        deadline.Run();
        await _deadlines.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync("its time is up", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return deadline.HasPassed;
        });

        await _deadlines.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_clock_that_stands_still_or_was_never_started_does_not_run_out()
    {
        using var never = _deadlines.New();
        using var paused = _deadlines.New();
        paused.Run();
        paused.Pause();

        Pass(seconds: 100);

        Assert.False(never.HasPassed || paused.HasPassed);
        paused.Run();
        Pass(seconds: 3);
        Assert.False(paused.HasPassed);
        Pass(seconds: 1);
        Assert.True(paused.HasPassed);
    }

    [Fact]
    public void What_has_begun_may_last_as_long_as_it_likes()
    {
        using var deadline = _deadlines.New();
        deadline.Run();
        Assert.True(deadline.TryBeginAnswer());
        // Of an upload that goes on while the app answers.
        deadline.Run();

        Pass(seconds: 100);

        Assert.False(deadline.HasPassed);
        Assert.True(deadline.TryBeginAnswer());
    }

    [Fact]
    public void The_clock_of_an_answered_visit_is_used_again()
    {
        var first = _deadlines.New();
        var token = first.Token;
        first.Run();
        Assert.True(first.TryBeginAnswer());
        first.Dispose();

        using var next = _deadlines.New();
        Assert.Equal(token, next.Token);
    }

    [Fact]
    public void A_clock_that_ran_out_is_no_other_visits()
    {
        for (var i = 0; i < 10; i++)
        {
            using (var passed = _deadlines.New())
            {
                passed.Run();
                Pass(seconds: 4);
                Assert.True(passed.HasPassed);
            }
            using var next = _deadlines.New();
            Assert.False(next.HasPassed || next.Token.IsCancellationRequested);
        }
    }

    [Fact]
    public void An_upload_that_ends_after_its_visit_does_not_start_the_clock_of_another_visit()
    {
        var ended = _deadlines.New();
        ended.Dispose();
        using var next = _deadlines.New();
        ended.Run();

        Pass(seconds: 100);

        Assert.False(next.HasPassed || next.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task What_waited_for_the_time_of_one_visit_is_not_told_of_another_s()
    {
        var told = false;
        var first = _deadlines.New();
        first.Token.Register(() => told = true);
        first.Dispose();
        using var next = _deadlines.New();
        next.Run();

        Pass(seconds: 4);

        await Eventually.TrueAsync("the other visit is ended", () => next.Token.IsCancellationRequested);
        Assert.False(told);
    }

    [Fact]
    public void A_clock_is_used_by_one_visit_at_a_time()
    {
        var deadlines = Enumerable.Range(0, 100).Select(_ => _deadlines.New()).ToArray();
        Assert.Equal(deadlines.Length, deadlines.Select(deadline => deadline.Token).Distinct().Count());
        foreach (var deadline in deadlines) deadline.Dispose();
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++) _deadlines.Tick();
    }
}
