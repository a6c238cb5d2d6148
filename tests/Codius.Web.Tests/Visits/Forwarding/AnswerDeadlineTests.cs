using Codius.Testing;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>Deadlines share their clocks one after the other.</summary>
public class AnswerDeadlineTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_clock_that_ran_out_is_no_other_visits()
    {
        for (var i = 0; i < 10; i++)
        {
            using (var passed = new AnswerDeadline(TimeSpan.Zero))
            {
                passed.Run();
                await Eventually.TrueAsync("the clock has run out", () => passed.HasPassed);
            }
            using var next = new AnswerDeadline(Long);
            Assert.False(next.HasPassed);
        }
    }

    [Fact]
    public void The_clock_of_an_answered_visit_is_used_again()
    {
        HashSet<CancellationToken> before = [.. Enumerable.Range(0, 100).Select(_ => TokenOfEndedVisit())];
        // As many as are kept, and more: tests of visits run at the same time and use them too, the longest unused first.
        Assert.Contains(Enumerable.Range(0, 5_000).Select(_ => TokenOfEndedVisit()), before.Contains);
    }

    [Fact]
    public async Task An_upload_that_ends_after_its_visit_does_not_start_the_clock_of_another_visit()
    {
        var ended = new AnswerDeadline(TimeSpan.Zero);
        ended.Dispose();
        using var next = new AnswerDeadline(Long);
        ended.Run();
        using var later = new AnswerDeadline(TimeSpan.Zero);
        later.Run();
        await Eventually.TrueAsync("the later clock has run out", () => later.HasPassed);
        Assert.False(next.HasPassed);
    }

    [Fact]
    public void A_clock_is_used_by_one_visit_at_a_time()
    {
        var deadlines = Enumerable.Range(0, 100).Select(_ => new AnswerDeadline(Long)).ToArray();
        Assert.Equal(deadlines.Length, deadlines.Select(deadline => deadline.Token).Distinct().Count());
        foreach (var deadline in deadlines) deadline.Dispose();
    }

    private static CancellationToken TokenOfEndedVisit()
    {
        using var deadline = new AnswerDeadline(Long);
        deadline.Run();
        Assert.True(deadline.TryBeginAnswer());
        return deadline.Token;
    }
}
