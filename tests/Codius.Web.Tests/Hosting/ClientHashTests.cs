using System.Net;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Hosting;

public sealed class ClientHashTests
{
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    public void One_client_is_an_IPv4_address_or_an_IPv6_network(string one, string other, bool same) =>
        Assert.Equal(same, ClientHash.Of(IPAddress.Parse(one)) == ClientHash.Of(IPAddress.Parse(other)));
}
