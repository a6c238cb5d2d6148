using System.Net;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Hosting;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::9", "2001:db8:1:2::")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    public void One_client_is_an_IPv4_address_or_an_IPv6_network(string address, string network) =>
        Assert.Equal(IPAddress.Parse(network), ClientNetwork.Of(IPAddress.Parse(address)));

    [Fact]
    public void Whoever_has_no_address_is_one_client_too() => Assert.Equal(IPAddress.None, ClientNetwork.Of(null));
}
