using Codius.Web.Balances;
using Codius.Web.Visits.Charging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Charging;

public sealed class FreeErrorsTests
{
    [Fact]
    public void Each_app_has_so_many_a_minute()
    {
        var time = new FakeTimeProvider();
        var errors = new FreeErrors(time, Options.Create(new PriceOptions { FreeErrorsPerMinute = 2 }));

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => errors.TryTake("hello")));
        Assert.True(errors.TryTake("other"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(errors.TryTake("hello"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(errors.TryTake("hello"));
    }

    [Fact]
    public void A_host_may_give_none() =>
        Assert.False(new FreeErrors(new FakeTimeProvider(), Options.Create(new PriceOptions { FreeErrorsPerMinute = 0 })).TryTake("hello"));
}
