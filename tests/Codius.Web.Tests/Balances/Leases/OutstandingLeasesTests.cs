using Codius.Web.Balances.Leases;

namespace Codius.Web.Tests.Balances.Leases;

public sealed class OutstandingLeasesTests
{
    [Fact]
    public void Units_ahead_of_visits_leave_half_of_the_room_to_those_that_wait()
    {
        var outstanding = new OutstandingLeases(100);
        Assert.Equal(50UL, outstanding.ReserveAhead(1_000));
        Assert.Equal(25UL, outstanding.ReserveAhead(1_000));
        Assert.Equal(10UL, outstanding.ReserveAhead(10));
        Assert.Equal(15UL, outstanding.Reserve(1_000, least: 15));
        Assert.Equal((0UL, 0UL), (outstanding.ReserveAhead(1), outstanding.Reserve(1, least: 1)));
        outstanding.Replace(before: 50, now: 30);
        Assert.Equal((80UL, 10UL), (outstanding.Total, outstanding.ReserveAhead(20)));
    }
}
