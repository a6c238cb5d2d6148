using Codius.Shared;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Tests.Hosting.Rates;

public sealed class LiveGatewaysTests
{
    [Theory]
    [InlineData(1, 50, 50)]
    [InlineData(3, 50, 17)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 0, 0)]
    [InlineData(2, int.MaxValue, 1_073_741_824)]
    public void A_gateway_enforces_its_share_of_a_limit_rounded_up(int gateways, int limit, int share) =>
        Assert.Equal(share, new LiveGateways { Count = gateways }.ShareOf(limit));

    [Fact]
    public void A_rate_is_shared_in_its_speed_and_its_burst() =>
        Assert.Equal(new BucketRate(17, 334), new LiveGateways { Count = 3 }.ShareOf(new BucketRate(50, 1_000)));

    [Fact]
    public void A_rate_of_less_than_a_token_a_second_for_each_gateway_is_shared_too()
    {
        var three = new LiveGateways { Count = 3 };

        Assert.Equal(new BucketRate(1, 7, Seconds: 3), three.ShareOf(new BucketRate(1, 20)));
        Assert.Equal(new BucketRate(1, 1, Seconds: 60), three.ShareOf(new BucketRate(1, 3, Seconds: 20)));
        Assert.Equal(new BucketRate(1, 1), three.ShareOf(new BucketRate(3, 3)));
    }

    [Fact]
    public void There_is_always_one() => Assert.Equal(1, new LiveGateways { Count = 0 }.Count);
}
