using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Leading;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Leading;

/// <summary>When the leader's work is repeated.</summary>
public sealed class LeaderRoundsTests
{
    // Longer than what passes in a whole test by steps of the shorter one.
    private static readonly TimeSpan Every = TimeSpan.FromDays(40);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly Leadership _leadership = new();
    private readonly LeaderRounds _rounds;
    private int _count;
    private TimeSpan? _next;

    public LeaderRoundsTests() => _rounds = new LeaderRounds(_leadership, _time);

    [Fact]
    public async Task A_round_comes_when_this_gateway_begins_to_lead_when_something_is_signalled_and_from_time_to_time()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = RunAsync(end.Token);

        Assert.Equal(0, _count);
        _leadership.Set(true);
        await CountedAsync(1);
        _rounds.Signal();
        await CountedAsync(2);
        await CountedAfterAsync(Every, 3);
        _leadership.Set(false);
        await end.CancelAsync();
        await running;
        Assert.Equal(0, _leadership.Handlers);
    }

    [Fact]
    public async Task After_trouble_the_next_round_comes_as_soon_as_that_one_said()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        (_leadership.IsLeader, _next) = (true, Soon);
        var running = RunAsync(end.Token);

        await CountedAsync(1);
        await CountedAfterAsync(Soon, 2);
        await end.CancelAsync();
        await running;
    }

    private Task RunAsync(CancellationToken end) => _rounds.RunAsync(Every, _ =>
    {
        Interlocked.Increment(ref _count);
        return Task.FromResult(_next);
    }, end);

    private Task CountedAsync(int rounds) => Eventually.TrueAsync($"{rounds} rounds", () => Volatile.Read(ref _count) == rounds);

    // The wait may begin a moment after the round: time passes in steps of the whole wait until the round comes.
    private Task CountedAfterAsync(TimeSpan wait, int rounds) => Eventually.TrueAsync($"{rounds} rounds", () =>
    {
        if (Volatile.Read(ref _count) < rounds) _time.Advance(wait);
        return Volatile.Read(ref _count) >= rounds;
    });

    private sealed class Leadership : ILeadership
    {
        public event Action? Changed;

        public bool IsLeader { get; set; }

        public int Handlers => Changed?.GetInvocationList().Length ?? 0;

        public void Set(bool leads)
        {
            IsLeader = leads;
            Changed?.Invoke();
        }
    }
}
