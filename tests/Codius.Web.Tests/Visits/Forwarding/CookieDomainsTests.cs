using Codius.Web.Hosting;
using Codius.Web.Visits.Forwarding;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Visits.Forwarding;

public sealed class CookieDomainsTests
{
    private readonly CookieDomains _cookies =
        new(new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://apps.codius.example") })));

    [Theory]
    [InlineData("a=1; Domain=apps.codius.example; Path=/", "a=1; Path=/")]
    [InlineData("a=1; domain=.codius.example", "a=1")]
    [InlineData("a=1;DOMAIN = Example ;Secure", "a=1;Secure")]
    [InlineData("a=1; Domain=codius.example.", "a=1")]
    [InlineData("a=1; Domain=x.apps.codius.example; Domain=codius.example", "a=1; Domain=x.apps.codius.example")]
    [InlineData("domain=codius.example; Domain=codius.example", "domain=codius.example")]
    public void A_domain_at_or_above_the_hosts_is_taken_out(string cookie, string narrowed)
    {
        Assert.True(_cookies.TryNarrow(cookie, out var made));
        Assert.Equal(narrowed, made);
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("a=1; Domain=hello.apps.codius.example")]
    [InlineData("a=1; Domain=s.codius.example")]
    [InlineData("a=1; Domain=odius.example")]
    [InlineData("a=1; Domain")]
    [InlineData("a=1; Domain=")]
    [InlineData("domain=apps.codius.example")]
    [InlineData(null)]
    public void Any_other_cookie_stays_as_it_is(string? cookie) => Assert.False(_cookies.TryNarrow(cookie, out _));
}
