using Codius.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting;

public sealed class TokenBucketsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_is_let_through_and_what_follows_waits_until_its_turn()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 10, burst: 3);

        Assert.True(buckets.TryAcquire(7, out _));
        Assert.True(buckets.TryAcquire(7, out _));
        Assert.True(buckets.TryAcquire(7, out _));
        Assert.False(buckets.TryAcquire(7, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);

        _time.Advance(wait);
        Assert.True(buckets.TryAcquire(7, out _));
        Assert.False(buckets.TryAcquire(7, out _));
    }

    [Fact]
    public void A_rest_gives_the_burst_back_and_never_more()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 10, burst: 3);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => buckets.TryAcquire(7, out var _)));
    }

    [Fact]
    public void One_caller_does_not_use_up_anothers()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 1, burst: 1);

        Assert.True(buckets.TryAcquire(1, out _));
        Assert.True(buckets.TryAcquire(2, out _));
        Assert.True(buckets.TryAcquire(-1, out _));
        Assert.False(buckets.TryAcquire(1, out _));
    }

    [Fact]
    public async Task Many_at_once_get_exactly_the_burst()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 1, burst: 500);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => Enumerable.Range(0, 1000).Count(_ => buckets.TryAcquire(3, out var _)))));

        Assert.Equal(500, taken.Sum());
    }

    [Fact]
    public void A_flood_of_callers_takes_bounded_memory_and_keeps_nobody_out()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 1, burst: 1, tracked: 100);

        for (var i = 0; i < 10_000; i++) Assert.True(buckets.TryAcquire(i, out _));

        Assert.InRange(buckets.Remembered, 1, 200);
    }

    [Fact]
    public void Keys_are_the_same_if_the_comparer_says_so()
    {
        var buckets = new TokenBuckets<string>(_time, perSecond: 1, burst: 1, comparer: StringComparer.OrdinalIgnoreCase);

        Assert.True(buckets.TryAcquire("wallet.example", out _));
        Assert.False(buckets.TryAcquire("WALLET.example", out _));
    }

    [Fact]
    public void A_known_caller_costs_no_memory()
    {
        var buckets = new TokenBuckets<(string App, int Client)>(new Still(), perSecond: 1, burst: 2_000);
        for (var i = 0; i < 100; i++) buckets.TryAcquire(("hello", 1), out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) buckets.TryAcquire(("hello", 1), out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
