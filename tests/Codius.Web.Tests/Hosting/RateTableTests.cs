using Codius.Web.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting;

public sealed class RateTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_is_let_through_and_what_follows_waits_until_its_turn()
    {
        var table = new RateTable(_time, perSecond: 10, burst: 3);

        Assert.True(table.TryTake(7, out _));
        Assert.True(table.TryTake(7, out _));
        Assert.True(table.TryTake(7, out _));
        Assert.False(table.TryTake(7, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);

        _time.Advance(wait);
        Assert.True(table.TryTake(7, out _));
        Assert.False(table.TryTake(7, out _));
    }

    [Fact]
    public void A_rest_gives_the_burst_back_and_never_more()
    {
        var table = new RateTable(_time, perSecond: 10, burst: 3);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => table.TryTake(7, out var _)));
    }

    [Fact]
    public void One_caller_does_not_use_up_anothers()
    {
        var table = new RateTable(_time, perSecond: 1, burst: 1);

        Assert.True(table.TryTake(1, out _));
        Assert.True(table.TryTake(2, out _));
        Assert.True(table.TryTake(-1, out _));
        Assert.False(table.TryTake(1, out _));
    }

    [Fact]
    public async Task Many_at_once_get_exactly_the_burst()
    {
        var table = new RateTable(_time, perSecond: 1, burst: 500);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Count(_ => table.TryTake(3, out var _)))));

        Assert.Equal(500, taken.Sum());
    }
}
