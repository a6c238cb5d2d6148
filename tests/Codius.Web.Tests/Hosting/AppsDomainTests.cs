using System.Net;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Hosting;

/// <summary>Apps with a domain of their own: no page of theirs can set a cookie that reaches the host.</summary>
public sealed class AppsDomainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_address_of_an_app_is_below_the_apps_domain_and_none_below_the_hosts()
    {
        await using var gateway = await StartAsync("Host:AppsDomain=apps.test", "Sandbox:Enabled=false");
        var http = gateway.Client();

        var wallet = await JsonAsync(http, "http://hello.apps.test/.well-known/pay");
        Assert.Equal(("http://hello.apps.test/.well-known/pay", "http://codius.test/op/hello", "hello.apps.test"),
            ((string?)wallet["id"], (string?)wallet["resourceServer"], (string?)wallet["publicName"]));
        var unpaid = await JsonAsync(http, "http://hello.apps.test/");
        Assert.Equal(("$hello.apps.test", "http://hello.apps.test/.well-known/pay"),
            ((string?)unpaid["paymentPointer"], (string?)unpaid["walletAddress"]));
        var home = await http.GetStringAsync("http://codius.test/", Stop);
        Assert.Contains("href=\"http://hello.apps.test/\"", home, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("http://hello.codius.test/", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("http://apps.test/", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("apps.test", "Apps are below apps.test: their pages cannot set cookies for this host")]
    [InlineData(null, "Apps are below the host's own domain: their pages can set cookies for it")]
    public async Task The_start_says_whom_the_cookies_of_an_app_reach(string? domain, string note)
    {
        await using var gateway = await StartAsync(domain is null ? [] : ["Host:AppsDomain=" + domain, "Sandbox:Enabled=false"]);

        var notes = gateway.Services.GetServices<StartupNote>().Select(line => line.Text(gateway.Services)).ToArray();

        Assert.Single(notes, line => line?.StartsWith(note, StringComparison.Ordinal) == true);
    }

    private static Task<GatewayUnderTest> StartAsync(params string[] settings) => GatewayUnderTest.StartAsync(settings, services =>
    {
        var apps = new FakeApps();
        apps.Host("hello");
        services.AddSingleton<IAppCatalog>(apps).AddSingleton<IAppRunner>(apps);
    });

    private static async Task<JsonNode> JsonAsync(HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url, Stop);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
    }
}
