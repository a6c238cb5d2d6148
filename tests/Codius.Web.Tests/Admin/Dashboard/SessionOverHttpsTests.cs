using Codius.Testing;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>The session's cookie behind a proxy that terminates TLS: over https, and for the management host alone.</summary>
public sealed class SessionOverHttpsTests
{
    private const string Attributes = "; path=/; secure; samesite=strict; httponly";

    [Fact]
    public async Task A_session_is_kept_in_a_cookie_that_only_https_carries_and_no_script_or_other_site_uses()
    {
        using var authority = new TestAuthority(GatewayUnderTest.Domain);
        await using var edge = await TlsEdge.StartAsync(authority);
        await using var gateway = await PayableGateway.StartAsync(settings: ["Proxies:Known:0=127.0.0.0/8"]);
        edge.Gateway = gateway.ManagementPort;
        using var browser = new DashboardClient(edge.Port, authority);

        Assert.Equal(303, (await browser.SignInAsync(PayableGateway.AdminToken)).Status);
        Assert.Matches($"^__Host-codius-admin=[A-Za-z0-9_-]+{Attributes}$", browser.SetCookie!);
        var sealedCookie = browser.Cookie!;
        var overview = await browser.GetAsync("/admin/");
        Assert.Equal(200, overview.Status);

        // One without the prefix may have been set by another host of the domain, or over plain http.
        browser.Cookie = sealedCookie.Replace("__Host-", "", StringComparison.Ordinal);
        Assert.Equal(302, (await browser.GetAsync("/admin/")).Status);

        browser.Cookie = sealedCookie;
        var token = overview.Text.Split("name=\"form-token\" value=\"")[1].Split('"')[0];
        Assert.Equal(303, (await browser.PostAsync("/admin/sign-out", new Dictionary<string, string> { ["form-token"] = token })).Status);
        Assert.Equal($"__Host-codius-admin=; expires=Thu, 01 Jan 1970 00:00:00 GMT{Attributes}", browser.SetCookie);
    }
}
