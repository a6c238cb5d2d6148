using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

public sealed class LeaseSliceTests
{
    private static readonly LeaseRequest Empty = new(AccountId.OfApp("hello"), "", 0, 0, 0, 0);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_request_keeps_what_visits_have_reserved_and_returns_what_was_taken_back()
    {
        var slice = Granted(100);
        Assert.True(slice.TryTake(10, out _));
        Assert.True(slice.TryTake(20, out _));
        slice.Use(10);
        Assert.Equal(60UL, slice.TakeBack(keep: 10));

        var request = slice.Request(Empty);
        Assert.True(slice.TryTake(10, out _)); // of what is kept, while the request is in flight
        Assert.False(slice.TryTake(1, out _));
        slice.Use(10);

        Assert.Equal((10UL, 30UL, 10UL, true), (request.Used, request.Kept, request.Free, request.Return));
        slice.Answered(request, granted: 40 + 5, _time.GetTimestamp());
        Assert.Equal((5UL, 20UL, 45UL, 35UL), (slice.Free, slice.Used, slice.Held, slice.Out));
    }

    [Fact]
    public void A_store_that_granted_less_than_assumed_leaves_nothing_to_reserve()
    {
        var slice = Granted(100);
        Assert.True(slice.TryTake(60, out _));
        slice.Answered(slice.Request(Empty), granted: 50, _time.GetTimestamp());
        slice.Open(TimeSpan.FromSeconds(10), 0);

        Assert.Equal(0UL, slice.Free);
        Assert.False(slice.TryTake(1, out _));
        slice.Release(60);
        Assert.Equal(50UL, slice.Free);
    }

    [Fact]
    public void One_visit_starts_the_renewal()
    {
        var slice = Granted(100, target: 200);
        var low = Enumerable.Range(0, 10).Select(_ => slice.TryTake(10, out var isLow) && isLow).ToList();
        Assert.Equal([5], low.Index().Where(each => each.Item).Select(each => each.Index));
    }

    [Fact]
    public void A_blocked_slice_is_not_spent()
    {
        var slice = Granted(100);
        slice.Block();
        Assert.False(slice.TryTake(10, out _));
        Assert.Equal(100UL, slice.TakeBack(keep: 0));
    }

    [Fact]
    public async Task Whatever_visits_do_at_once_no_unit_is_lost_or_spent_twice()
    {
        const ulong Price = 3;
        const long Units = 3_000;
        var slice = Granted((ulong)Units);
        long reserved = 0, ended = 0;
        using var stop = new CancellationTokenSource();
        var visits = Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            var (random, forwarded) = (new Random(seed), new List<ForwardedSecond>());
            for (var step = 0; step < 40_000; step++)
            {
                if (forwarded.Count > random.Next(20))
                {
                    var second = forwarded[^1];
                    forwarded.RemoveAt(forwarded.Count - 1);
                    if (second.TryRemove(Price)) End();
                }
                if (!slice.TryTake(Price, out _)) continue;
                Interlocked.Add(ref reserved, (long)Price);
                if (random.Next(2) == 0) forwarded.Add(slice.Forward(Price));
                else End();
            }
            foreach (var second in forwarded) // each is ended here, or was when its second was closed
                if (second.TryRemove(Price)) End();

            void End()
            {
                if (random.Next(30) == 0)
                {
                    slice.Use(Price);
                    Interlocked.Add(ref ended, (long)Price);
                    return;
                }
                Interlocked.Add(ref reserved, -(long)Price);
                slice.Release(Price);
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        ulong closed = 0, back = 0;
        var requests = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _time.Advance(TimeSpan.FromSeconds(0.7));
                closed += slice.CommitLong();
                var returned = slice.TakeBack(keep: 600);
                var request = slice.Request(Empty);
                Assert.True(request.Kept + request.Used == slice.Held, "what is not used is kept");
                // What was returned is granted anew.
                slice.Answered(request, slice.Held + returned, _time.GetTimestamp());
                slice.Open(TimeSpan.FromDays(1), 0);
                back += returned;
            }
        }, TestContext.Current.CancellationToken);

        await Task.WhenAll(visits);
        await stop.CancelAsync();
        await requests;
        _time.Advance(TimeSpan.FromMinutes(1));
        closed += slice.CommitLong();

        Assert.Equal((ulong)(ended + (long)closed), slice.Used);
        Assert.Equal(reserved, ended + (long)closed);
        Assert.Equal((ulong)Units, slice.Used + slice.Free);
        Assert.Equal(0UL, slice.ForwardedUnits);
        Assert.True(back > 0 || slice.Used > 0);
    }

    private LeaseSlice Granted(ulong units, ulong target = 0)
    {
        var slice = new LeaseSlice(_time);
        slice.Answered(slice.Request(Empty), units, _time.GetTimestamp());
        slice.Open(TimeSpan.FromDays(1), target);
        return slice;
    }
}
