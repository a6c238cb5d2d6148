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

    [Fact]
    public void A_caller_that_waits_gets_the_next_token_and_one_that_leaves_gives_it_back()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 10, burst: 1);
        var (rate, second) = (new BucketRate(10, 1), TimeSpan.FromSeconds(0.2));

        Assert.True(buckets.TryAcquire(7, rate, second, out var first));
        Assert.True(buckets.TryAcquire(7, rate, second, out var next));
        Assert.True(buckets.TryAcquire(7, rate, second, out var last));
        Assert.False(buckets.TryAcquire(7, rate, second, out var tooLong));
        Assert.Equal([0, 100, 200, 300], new[] { first, next, last, tooLong }.Select(wait => wait.TotalMilliseconds));

        buckets.Return(7, rate);
        Assert.True(buckets.TryAcquire(7, rate, second, out last));
        Assert.Equal(200, last.TotalMilliseconds);
    }

    [Fact]
    public void A_slow_key_of_its_own_rate_is_remembered_until_its_bucket_is_full_again()
    {
        var buckets = new TokenBuckets<int>(_time, perSecond: 100, burst: 1);
        var slow = new BucketRate(1, 100);
        for (var i = 0; i < 100; i++) Assert.True(buckets.TryAcquire(7, slow, TimeSpan.Zero, out _));

        var taken = 0;
        for (var second = 0; second < 50; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            buckets.TryAcquire(1, out _);
        }
        while (buckets.TryAcquire(7, slow, TimeSpan.Zero, out _)) taken++;

        Assert.Equal(50, taken);
    }

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
