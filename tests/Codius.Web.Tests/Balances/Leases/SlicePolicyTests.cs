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
        Assert.Equal(target, SlicePolicy.Target([last, 0, 0, 0], since, price: 10, funds: 9_999));

    [Theory]
    [InlineData(10, 0, 0, 0, 0)] // one visit in four seconds: a slice would spare none
    [InlineData(0, 10, 0, 10, 20)] // more, in different seconds
    [InlineData(0, 0, 0, 70, 70)] // as in the busiest
    [InlineData(60, 30, 0, 70, 90)]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0, 1000, 0, 0, 160)] // many: not what a second of long ago spent
    public void Of_an_account_with_plenty_it_holds_a_few_between_visits(
        ulong last, ulong second, ulong third, ulong fourth, ulong target) =>
        Assert.Equal(target, SlicePolicy.Target([last, second, third, fourth], 0, price: 10, funds: 10_000));

    [Theory]
    [InlineData(20, 20, false)]
    [InlineData(160, 20, false)] // few: with the next settle
    [InlineData(161, 20, true)]
    [InlineData(1, 0, true)]
    [InlineData(0, 0, false)]
    public void What_is_not_needed_goes_back_at_once_unless_it_is_little(ulong free, ulong target, bool isTooMuch) =>
        Assert.Equal(isTooMuch, SlicePolicy.IsTooMuch(free, target, price: 10));

    [Fact]
    public void The_largest_amounts_do_not_overflow()
    {
        const ulong Most = Asset.MaxAmount;
        Assert.Equal(Most + Most / 2, SlicePolicy.Target([Most, Most, Most, Most], 1, 1, Most));
        Assert.Equal(0UL, SlicePolicy.Target([1, 0, 0, 0], 1, Asset.MaxAmount, Asset.MaxAmount));
    }

    [Theory]
    [InlineData(1000, 1000, 250)]
    [InlineData(1000, 100, 50)] // less was granted than asked for: no request with each visit
    [InlineData(1000, 0, 0)]
    public void It_is_renewed_before_it_is_used_up(ulong target, ulong free, ulong lowWater) =>
        Assert.Equal(lowWater, SlicePolicy.LowWater(target, free));
}
