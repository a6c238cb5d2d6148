using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Tests.Admin.Alerts;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>The page of alerts.</summary>
public sealed class AlertsPageTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task It_has_what_is_wrong_and_what_was_wrong_each_with_what_helps()
    {
        var now = TimeProvider.System.GetUtcNow();
        var alerts = new SetAlerts
        {
            Past =
            [
                new EndedAlert(
                    new Alert("b", "b", AlertSeverity.Warning, "", "It was slow.", "Add memory.", now.AddHours(-5)), now.AddHours(-2)),
            ],
        };
        alerts.Set(new Alert("a", "a", AlertSeverity.Critical, "one", "one <b>owes too much</b>.", "Settle.", now));
        await using var gateway = await HelloGateway.StartAsync(services => services.AddSingleton<IAlerts>(alerts));
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = (await browser.GetAsync("/admin/alerts")).Text;

        foreach (var text in new[]
        {
            "one &lt;b&gt;owes too much", "Settle.", "It was slow.", "For 3 h", "What helps: Add memory.", "None is set",
        })
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_says_in_words_what_came_of_it_at_each_webhook_and_is_in_the_audit_log()
    {
        await using var good = await WebhookServer.StartAsync();
        await using var bad = await WebhookServer.StartAsync();
        bad.Answer = WebhookServer.Status(404);
        await using var gateway = await PayableGateway.StartAsync(settings:
        [
            $"Alerts:Webhooks:0:Url={good.Url}", $"Alerts:Webhooks:0:Secret={Secret}",
            $"Alerts:Webhooks:1:Url={bad.Url}", $"Alerts:Webhooks:1:Secret={Secret}",
        ]);
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = await browser.PostAsync(
            "/admin/alerts/test", DashboardClient.FieldsOf(await browser.GetAsync("/admin/alerts")));

        Assert.Equal(200, page.Status);
        Assert.Contains("took it.", page.Text, StringComparison.Ordinal);
        Assert.Contains("did not take it. It answered 404.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-path", page.Text, StringComparison.Ordinal);
        Assert.Contains("\"alert.test\"", Assert.Single(good.Received).Body, StringComparison.Ordinal);
        Assert.Contains("alerts.test", (await browser.GetAsync("/admin/audit")).Text, StringComparison.Ordinal);
        Assert.Equal((303, "/admin/alerts"), await LocationAsync(browser));
        Assert.Single(good.Received);
    }

    private static async Task<(int, string?)> LocationAsync(DashboardClient browser)
    {
        var reload = await browser.GetAsync("/admin/alerts/test");
        return (reload.Status, reload.Location);
    }
}
