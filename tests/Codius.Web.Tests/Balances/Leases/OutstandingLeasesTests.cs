using Codius.Web.Balances.Leases;

namespace Codius.Web.Tests.Balances.Leases;

public sealed class OutstandingLeasesTests
{
    [Fact]
    public void Whatever_accounts_hold_ahead_of_visits_half_of_the_room_is_left_to_visits_that_wait()
    {
        var outstanding = new OutstandingLeases(101);
        Assert.Equal(
            [20, 20, 10, 0, 0], Enumerable.Range(0, 5).Select(_ => (int)outstanding.ReserveAhead(20)));
        Assert.Equal(50UL, outstanding.Reserve(50, least: 1));
        Assert.Equal((0UL, 1UL, 0UL), (outstanding.ReserveAhead(1), outstanding.Reserve(10, least: 1), outstanding.Reserve(1, least: 1)));
    }

    [Fact]
    public void What_comes_back_below_half_of_the_room_is_there_for_units_ahead()
    {
        var outstanding = new OutstandingLeases(100);
        outstanding.Reserve(80, least: 80);
        Assert.Equal(0UL, outstanding.ReserveAhead(10));
        outstanding.Replace(before: 80, now: 30);
        Assert.Equal((20UL, 50UL), (outstanding.ReserveAhead(30), outstanding.Total));
    }

    [Fact]
    public void A_visit_gets_what_is_left_or_nothing_if_that_is_below_its_price()
    {
        var outstanding = new OutstandingLeases(100);
        Assert.Equal((90UL, 10UL), (outstanding.Reserve(90, least: 5), outstanding.Reserve(1_000, least: 10)));
        outstanding.Replace(before: 10, now: 1);
        Assert.Equal((0UL, 91UL), (outstanding.Reserve(10, least: 10), outstanding.Total));
    }
}
