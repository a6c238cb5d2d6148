using Codius.Web.Balances;
using Codius.Web.Hosting.Rates;
using Codius.Web.Visits.Charging;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Charging;

public sealed class FreeErrorsTests
{
    [Fact]
    public void Each_app_has_so_many_a_minute()
    {
        var time = new FakeTimeProvider();
        var errors = new FreeErrors(time, Free(2), new LiveGateways());

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => errors.TryUse("hello")));
        Assert.True(errors.TryUse("other"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(errors.TryUse("hello"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(errors.TryUse("hello"));
    }

    [Fact]
    public void A_host_may_give_none() =>
        Assert.False(new FreeErrors(new FakeTimeProvider(), Free(0), new LiveGateways()).TryUse("hello"));

    private static Prices Free(int perMinute) => new(10, 10, 60, 100) { FreeErrorsPerMinute = perMinute };
}
