using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

public sealed class SessionTests
{
    [Fact]
    public async Task A_token_signs_a_browser_in_which_then_gets_every_page_until_it_signs_out()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);
        var pages = DashboardRoute.Of(gateway).Where(route => route.IsPage).Select(route => route.Path).ToList();
        Assert.InRange(pages.Count, 15, 100);
        foreach (var path in pages)
            Assert.Equal((302, "/admin/sign-in?to=" + Uri.EscapeDataString(path)), Of(await browser.GetAsync(path)));

        var signedIn = await browser.SignInAsync(PayableGateway.AdminToken, "?to=%2Fadmin%2Fapps");

        Assert.Equal((303, "/admin/apps"), Of(signedIn));
        foreach (var attribute in new[] { "httponly", "samesite=strict", "path=/" })
            Assert.Contains(attribute, browser.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(PayableGateway.AdminToken, browser.SetCookie, StringComparison.Ordinal);
        foreach (var path in pages.Where(path => !path.EndsWith("/revoke", StringComparison.Ordinal)))
        {
            var page = await browser.GetAsync(path);
            Assert.Equal((200, "no-store"), (page.Status, page.CacheControl));
            Assert.Contains("default-src 'none'; script-src 'nonce-", page.Policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", page.Policy, StringComparison.Ordinal);
        }
        var overview = await browser.GetAsync("/admin/");
        var token = overview.Text.Split("name=\"form-token\" value=\"")[1].Split('"')[0];
        Assert.Equal((303, "/admin/sign-in"),
            Of(await browser.PostAsync("/admin/sign-out", new Dictionary<string, string> { ["form-token"] = token })));
        Assert.Null(browser.Cookie);
    }

    [Fact]
    public async Task A_wrong_token_signs_nobody_in_and_many_of_them_lock_their_client_out()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);

        var wrong = await browser.SignInAsync("not-the-token-of-this-host");
        Assert.Equal((401, true), (wrong.Status, wrong.Text.Contains("This is no admin token of this host.", StringComparison.Ordinal)));
        Assert.Equal(400, (await browser.SignInAsync("")).Status);
        Assert.Equal(400, (await browser.SignInAsync(new string('a', 600))).Status);
        // A slow machine lets the first, short lockouts pass; they double.
        for (var i = 0; i < 25 && wrong.Status != 429; i++) wrong = await browser.SignInAsync($"guess-number-{i}-of-the-token");

        Assert.Equal((429, true), (wrong.Status, wrong.Text.Contains("Too many wrong tokens", StringComparison.Ordinal)));
        Assert.Null(browser.Cookie);
    }

    [Fact]
    public async Task Another_site_can_neither_sign_a_browser_in_nor_send_its_forms()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);
        var form = new Dictionary<string, string> { ["token"] = PayableGateway.AdminToken };
        Assert.Equal(403, (await browser.PostAsync("/admin/sign-in", form, "https://elsewhere.example")).Status);
        Assert.Equal(403, (await browser.PostAsync("/admin/sign-in", form, origin: null)).Status);
        await browser.SignInAsync(PayableGateway.AdminToken);

        var page = await browser.GetAsync("/admin/apps/hello/adjust");
        var fields = DashboardClient.FieldsOf(page);
        fields["change"] = "0.5";
        fields["reason"] = "a gift";
        fields["sure"] = "yes";

        Assert.Equal(403, (await browser.PostAsync("/admin/apps/hello/adjust", fields, "https://elsewhere.example")).Status);
        var forged = new Dictionary<string, string>(fields) { ["form-token"] = "AAAA" };
        Assert.Equal(403, (await browser.PostAsync("/admin/apps/hello/adjust", forged)).Status);
        forged.Remove("form-token");
        Assert.Equal(403, (await browser.PostAsync("/admin/apps/hello/adjust", forged)).Status);
        using var other = new DashboardClient(gateway.ManagementPort);
        await other.SignInAsync(PayableGateway.AdminToken);
        Assert.Equal(403, (await other.PostAsync("/admin/apps/hello/adjust", fields)).Status);
        Assert.Equal((303, "/admin/apps/hello?done=adjust"), Of(await browser.PostAsync("/admin/apps/hello/adjust", fields)));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/admin/")]
    [InlineData("/admin/\\elsewhere.example")]
    [InlineData("/services/x")]
    public async Task Signing_in_leads_nowhere_else(string to)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);

        Assert.Equal((303, "/admin/"), Of(await browser.SignInAsync(PayableGateway.AdminToken, "?to=" + Uri.EscapeDataString(to))));
    }

    [Fact]
    public async Task A_session_has_the_scopes_of_its_token_and_ends_with_it()
    {
        await using var gateway = await HelloGateway.StartAsync();
        var (tokens, time) = (gateway.Services.GetRequiredService<AdminTokens>(), gateway.Services.GetRequiredService<TimeProvider>());
        var made = await tokens.MakeAsync("reader", [AdminScope.Read], time.GetUtcNow().AddDays(1), "a test");
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(made!.Value.Token);

        var app = await browser.GetAsync("/admin/apps/hello");
        Assert.Equal((200, false), (app.Status, app.Text.Contains("/admin/apps/hello/refund", StringComparison.Ordinal)));
        Assert.Equal(403, (await browser.GetAsync("/admin/apps/hello/refund")).Status);

        await tokens.RevokeAsync("reader");
        Assert.Equal(302, (await browser.GetAsync("/admin/apps/hello")).Status);
        Assert.Null(browser.Cookie);
    }

    [Theory]
    [InlineData("codius-admin=")]
    [InlineData("codius-admin=AAAA")]
    [InlineData("codius-admin=%00%2e%2e")]
    public async Task A_cookie_that_this_host_did_not_seal_is_none(string cookie)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort) { Cookie = cookie };

        Assert.Equal(302, (await browser.GetAsync("/admin/")).Status);
        browser.Cookie = cookie;
        Assert.Equal(401, (await browser.GetAsync("/admin/events", navigates: false)).Status);
        browser.Cookie = cookie;
        Assert.Equal(401, (await browser.GetAsync("/admin/dashboard/data/earnings", navigates: false)).Status);
    }

    [Fact]
    public void Sessions_are_short() => Assert.True(AdminSessions.Lifetime <= TimeSpan.FromHours(12));

    private static (int Status, string? Location) Of(DashboardClient.Answer answer) => (answer.Status, answer.Location);
}
