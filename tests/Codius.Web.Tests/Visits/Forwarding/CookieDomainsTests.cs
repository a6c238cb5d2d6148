using System.Text;
using Codius.Web.Hosting;
using Codius.Web.Visits.Forwarding;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Visits.Forwarding;

public sealed class CookieDomainsTests
{
    private const string App = "hello";

    private readonly CookieDomains _cookies =
        new(new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://apps.codius.example") })));

    [Theory]
    [InlineData("a=1; Domain=apps.codius.example; Path=/", "a=1; Path=/")]
    [InlineData("a=1; domain=.codius.example", "a=1")]
    [InlineData("a=1;DOMAIN = Example ;Secure", "a=1;Secure")]
    [InlineData("a=1; Domain=codius.example.", "a=1")]
    [InlineData("a=1; Domain=x.hello.apps.codius.example; Domain=codius.example", "a=1; Domain=x.hello.apps.codius.example")]
    [InlineData("domain=codius.example; Domain=codius.example", "domain=codius.example")]
    public void A_domain_at_or_above_the_hosts_is_taken_out(string cookie, string narrowed) => Narrows(cookie, narrowed);

    [Theory]
    [InlineData("other.apps.codius.example")]
    [InlineData("xhello.apps.codius.example")]
    [InlineData("s.codius.example")]
    [InlineData("odius.example")]
    [InlineData("elsewhere.example")]
    [InlineData("hello.apps.codius.example.")]
    [InlineData("apps.codius.example.hello")]
    public void So_is_every_other_domain_that_is_not_the_apps_own(string domain) => Narrows($"a=1; Domain={domain}", "a=1");

    // To a browser, each of these is the host's domain, or could be: it decodes, folds and maps before it compares.
    [Theory]
    [InlineData("%61pps.codius.example")]
    [InlineData("apps%2ecodius.example")]
    [InlineData("ａｐｐｓ.codius.example")]
    [InlineData("apps。codius．example")]
    [InlineData("apps.codiu\u017F.example")]
    [InlineData("apps.co\u00ADdius.example")]
    [InlineData("apps.codius\u200B.example")]
    [InlineData("\"apps.codius.example\"")]
    [InlineData("apps.codius.example:443")]
    [InlineData("hello.apps.codius.example,apps.codius.example")]
    [InlineData("\u00A0hello.apps.codius.example")]
    [InlineData("ｘ.hello.apps.codius.example")]
    public void So_is_all_that_is_not_plain_letters_digits_hyphens_and_dots(string domain)
    {
        Narrows($"a=1; Domain={domain}", "a=1");
        // As the bytes of UTF-8 arrive, one a character.
        Narrows($"a=1; Domain={Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(domain))}", "a=1");
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("a=1; Domain=hello.apps.codius.example")]
    [InlineData("a=1; domain= .Hello.Apps.codius.Example ; Path=/")]
    [InlineData("a=1; Domain=x.hello.apps.codius.example")]
    [InlineData("a=1; Domain")]
    [InlineData("a=1; Domain=")]
    [InlineData("domain=apps.codius.example")]
    [InlineData("n=José; Path=/domain")]
    [InlineData(null)]
    public void Any_other_cookie_stays_as_it_is(string? cookie) => Assert.False(_cookies.TryNarrow(cookie, App, out _));

    private void Narrows(string cookie, string narrowed)
    {
        Assert.True(_cookies.TryNarrow(cookie, App, out var made));
        Assert.Equal(narrowed, made);
    }
}
