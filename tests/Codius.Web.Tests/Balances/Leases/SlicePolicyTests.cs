using Codius.Web.Balances.Leases;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Balances.Leases;

public sealed class SlicePolicyTests
{
    [Theory]
    [InlineData(1000, 0, 1500)] // steady: no other request until the next settle
    [InlineData(1000, 900, 1500)]
    [InlineData(1000, 1600, 1600)] // growing: it doubles
    [InlineData(0, 40, 40)]
    [InlineData(0, 0, 0)] // idle: everything goes back
    [InlineData(13, 0, 0)] // not two prices: it would spare no request
    [InlineData(14, 0, 21)]
    [InlineData(0, 19, 0)]
    [InlineData(0, 20, 20)]
    public void It_holds_about_a_second_of_what_was_spent_lately(ulong last, ulong since, ulong target) =>
        Assert.Equal(target, SlicePolicy.Target(last, since, price: 10));

    [Fact]
    public void The_largest_amounts_do_not_overflow()
    {
        Assert.Equal(Asset.MaxAmount + Asset.MaxAmount / 2, SlicePolicy.Target(Asset.MaxAmount, 1, 1));
        Assert.Equal(0UL, SlicePolicy.Target(1, 1, Asset.MaxAmount));
    }

    [Theory]
    [InlineData(1000, 1000, 250)]
    [InlineData(1000, 100, 50)] // less was granted than asked for: no request with each visit
    [InlineData(1000, 0, 0)]
    public void It_is_renewed_before_it_is_used_up(ulong target, ulong free, ulong lowWater) =>
        Assert.Equal(lowWater, SlicePolicy.LowWater(target, free));
}
