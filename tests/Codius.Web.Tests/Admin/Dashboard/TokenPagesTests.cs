using System.Net;
using System.Text.RegularExpressions;
using Codius.Web.Admin.Access;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Making and revoking admin tokens at the dashboard.</summary>
public sealed partial class TokenPagesTests
{
    private const string Tokens = "/admin/tokens";
    private const string Make = Tokens + "/make";

    [Fact]
    public async Task A_token_is_shown_once_signs_in_with_its_scopes_and_ends_when_it_is_revoked()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await SignedInAsync(gateway, PayableGateway.AdminToken);
        var form = await FormAsync(browser);
        form["name"] = "ana";
        form["scopes"] = "read";
        form["days"] = "7";
        form["reason"] = "she <b>helps</b>";

        var made = await browser.PostAsync(Make, form);

        Assert.Equal((200, "no-store"), (made.Status, made.CacheControl));
        var token = Token().Match(made.Text).Value;
        Assert.NotEmpty(token);
        var list = await browser.GetAsync(Tokens);
        Assert.Contains(">ana<", list.Text.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain(token, list.Text, StringComparison.Ordinal);
        var audit = (await browser.GetAsync("/admin/audit?subject=ana")).Text;
        Assert.Contains("token.make", audit, StringComparison.Ordinal);
        Assert.Contains("she &lt;b&gt;helps", audit, StringComparison.Ordinal);
        Assert.DoesNotContain(token, audit, StringComparison.Ordinal);

        using var ana = await SignedInAsync(gateway, token);
        Assert.DoesNotContain(Make, (await ana.GetAsync(Tokens)).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await ana.GetAsync(Make)).Status);
        var question = await browser.GetAsync(Tokens + "/ana/revoke");
        Assert.Contains("Revoke the token ana?", question.Text, StringComparison.Ordinal);
        var sure = DashboardClient.FieldsOf(question);
        sure["reason"] = "she left";
        Assert.Equal("/admin/tokens?done=revoke", (await browser.PostAsync(Tokens + "/ana/revoke", sure)).Location);
        Assert.Equal(302, (await ana.GetAsync(Tokens)).Status);
        Assert.Contains("The token was revoked.", (await browser.GetAsync("/admin/tokens?done=revoke")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync(Tokens + "/ana/revoke")).Status);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", "settings")]
    [InlineData("name", "Not A Name")]
    [InlineData("scopes", "")]
    [InlineData("scopes", "everything")]
    [InlineData("days", "2")]
    [InlineData("days", "-1")]
    [InlineData("reason", " ")]
    public async Task A_form_with_a_fault_makes_none(string field, string value)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await SignedInAsync(gateway, PayableGateway.AdminToken);
        var form = await FormAsync(browser);
        (form["name"], form["scopes"], form["days"], form["reason"]) = ("ana", "read", "7", "a test");
        form[field] = value;

        var answer = await browser.PostAsync(Make, form);

        Assert.Equal(422, answer.Status);
        Assert.Contains("class=\"error\"", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await gateway.Services.GetRequiredService<AdminTokens>().ListAsync());
    }

    [Fact]
    public async Task A_name_that_is_in_use_is_refused_in_words()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await SignedInAsync(gateway, PayableGateway.AdminToken);
        var form = await FormAsync(browser);
        (form["name"], form["scopes"], form["days"], form["reason"]) = ("ana", "read", "7", "a test");
        Assert.Equal(200, (await browser.PostAsync(Make, form)).Status);

        var again = await browser.PostAsync(Make, form);

        Assert.Equal(409, again.Status);
        Assert.Contains("Another token has this name", again.Text, StringComparison.Ordinal);
        Assert.Empty(Token().Match(again.Text).Value);
    }

    private static async Task<Dictionary<string, string>> FormAsync(DashboardClient browser) =>
        DashboardClient.FieldsOf(await browser.GetAsync(Make));

    private static async Task<DashboardClient> SignedInAsync(PayableGateway gateway, string token)
    {
        var browser = new DashboardClient(gateway.ManagementPort);
        Assert.Equal((int)HttpStatusCode.SeeOther, (await browser.SignInAsync(token)).Status);
        return browser;
    }

    [GeneratedRegex("codius-admin-[0-9a-f]{48}")]
    private static partial Regex Token();
}
