using Codius.Web.Apps.Kubernetes.Reconciling;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

public sealed class PacedRoundsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PacedRounds _rounds;

    public PacedRoundsTests() => _rounds = new PacedRounds(TimeSpan.FromMinutes(1), 20, _time);

    [Fact]
    public void Few_names_are_due_at_once_and_again_after_the_interval()
    {
        Assert.Empty(Next(100));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(100, Next(100).Length);
        Assert.Empty(Next(100));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(100, Next(100).Length);
    }

    [Fact]
    public void Of_a_hundred_thousand_names_a_second_has_twenty_and_a_round_has_each_once()
    {
        _rounds.Restart();
        var seen = new HashSet<string>(Next(100_000));
        while (seen.Count < 100_000)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var due = Next(100_000);
            Assert.Equal(20, due.Length);
            Assert.All(due, name => Assert.True(seen.Add(name)));
        }
    }

    [Fact]
    public void A_restart_begins_a_round_in_the_middle_of_another_one()
    {
        _rounds.Restart();
        var first = Next(1000);
        Next(1000);
        _rounds.Restart();

        Assert.Equal(first, Next(1000));
    }

    private string[] Next(int count) => _rounds.Next(() => Enumerable.Range(0, count).Select(number => $"app-{number}")).ToArray();
}
