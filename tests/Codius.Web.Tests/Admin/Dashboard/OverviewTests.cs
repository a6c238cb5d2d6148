using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Payments;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Streaming;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>What the overview says of the host.</summary>
public sealed class OverviewTests
{
    [Fact]
    public async Task Alerts_are_on_it_and_those_who_follow_it_hear_of_each_change()
    {
        var alerts = new SetAlerts();
        await using var gateway = await HelloGateway.StartAsync(services => services.AddSingleton<IAlerts>(alerts));
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        Assert.DoesNotContain("owes too much", (await browser.GetAsync("/admin/")).Text, StringComparison.Ordinal);
        var live = gateway.Services.GetRequiredService<LiveOverview>();
        Assert.False(alerts.IsHeard);

        using (live.TryEnter())
        {
            await Eventually.TrueAsync("it is followed", () => alerts.IsHeard && live.Current.Parts.Count > 0);
            alerts.Set(
                new Alert("owed/one", "owed", AlertSeverity.Critical, "one", "one <b>owes too much</b>.", "Settle.",
                    TimeProvider.System.GetUtcNow()),
                new Alert("a", "a", AlertSeverity.Warning, "", "Another.", "Look.", TimeProvider.System.GetUtcNow()));

            await Eventually.TrueAsync("the alert is there", () =>
                live.Current.Parts["health"].Html.Contains("one &lt;b&gt;owes too much", StringComparison.Ordinal));
        }
        await Eventually.TrueAsync("nobody follows it", () => !alerts.IsHeard);
        var page = (await browser.GetAsync("/admin/")).Text;
        Assert.Contains("2 things want your attention", page, StringComparison.Ordinal);
        Assert.Contains("alert critical", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_leads_to_the_page_where_the_owner_can_act()
    {
        static string? UrlOf(AlertRule rule, string subject) =>
            HealthModel.Of([], [new Alert(rule.Id, rule.Id, AlertSeverity.Warning, subject, "", "", default)]).Alerts[0].Page?.Url;

        Assert.Equal("/admin/connectors/a%20b", UrlOf(ConnectorAlerts.OwesMuch, "a b"));
        Assert.Equal("/admin/apps/hello", UrlOf(AppAlerts.FailsToStart, "hello"));
        Assert.Equal("/admin/apps?state=failed", UrlOf(AppAlerts.FailsToStart, ""));
        Assert.Equal("/admin/apps/hello", UrlOf(SteeringAlerts.CannotBeRead, "hello"));
        Assert.Equal("/admin/wallets", UrlOf(GivenUpAlerts.GivenUp, ""));
        Assert.Equal("/admin/payments", UrlOf(LastPayment.NoPayments, ""));
        Assert.Null(UrlOf(LedgerAlerts.NotDurable, ""));
    }

    [Fact]
    public async Task It_counts_the_apps_without_money_and_those_that_run_dry_soon()
    {
        await using var gateway = await HelloGateway.StartAsync(services => services.AddSingleton<IBooks>(new SpendingBooks(60_000_000)));
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        // At 0.06 an hour.
        foreach (var (app, units) in new[] { ("soon", 30_000_000), ("later", 200_000_000), ("rich", 9_000_000_000) })
        {
            gateway.Deploy(app);
            await ledger.AdjustAsync(AccountId.OfApp(app), units, "paid", "a test", "a test", TestContext.Current.CancellationToken);
        }
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = (await browser.GetAsync("/admin/")).Text;

        Assert.Contains("<strong>1</strong> within an hour", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1</strong> within a day", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1</strong> without money", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_alerts_do_not_push_the_earnings_off_the_screen()
    {
        var alerts = new SetAlerts();
        alerts.Set([.. Enumerable.Range(0, 9).Select(index => new Alert(
            $"a/{index}", "a", AlertSeverity.Warning, $"{index}", $"Alert {index}.", "Look.", TimeProvider.System.GetUtcNow()))]);
        await using var gateway = await HelloGateway.StartAsync(services => services.AddSingleton<IAlerts>(alerts));
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);

        var page = (await browser.GetAsync("/admin/")).Text;

        Assert.Contains("<summary>5 more</summary>", page, StringComparison.Ordinal);
        Assert.Contains("Alert 8.", page, StringComparison.Ordinal);
    }
}
