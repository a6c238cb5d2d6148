using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>What the page of an app leads to.</summary>
public sealed class AppPageTests
{
    private const string Csv = "/admin/apps/hello/statement.csv";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_how_the_app_started_the_newest_first()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);
        Assert.Contains("None yet.", (await browser.GetAsync("/admin/apps/hello")).Text, StringComparison.Ordinal);
        var (starts, now) = (gateway.Services.GetRequiredService<StartRecords>(), TimeProvider.System.GetUtcNow());
        await starts.AddAsync("hello", new StartRecord(now.AddHours(-1), FailureCause.App, "It ended <b>at once</b>.", 1_210));
        await starts.AddAsync("hello", new StartRecord(now, null, null, 3_210));

        var page = (await browser.GetAsync("/admin/apps/hello")).Text;

        var (woke, failed) = (page.IndexOf("Woke in 3.2 s", StringComparison.Ordinal),
            page.IndexOf("Failed after 1.2 s", StringComparison.Ordinal));
        Assert.InRange(woke, 1, failed);
        Assert.Contains("It ended &lt;b&gt;at once", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_cannot_start_has_the_reason_at_the_top_of_its_page()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);

        gateway.Apps.Set("hello", new AppState.Failed("It ended <b>at once</b>."));

        await Eventually.TrueAsync("the page says so", async () => (await browser.GetAsync("/admin/apps/hello")).Text
            .Contains("It could not start: It ended &lt;b&gt;at once", StringComparison.Ordinal) ? true : (bool?)null);
    }

    [Fact]
    public async Task What_an_image_is_called_may_break_at_a_slash_and_is_text_all_the_same()
    {
        await using var gateway = await HelloGateway.StartAsync();
        gateway.Apps.Host("other", image: "registry.example/a<b>/c:1");
        using var browser = await DashboardClient.SignedInAsync(gateway);

        Assert.Contains("<code>registry.example/<wbr>a&lt;b&gt;/<wbr>c:1</code>", (await browser.GetAsync("/admin/apps/other")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_statement_is_downloaded_as_CSV_by_who_is_signed_in()
    {
        await using var gateway = await HelloGateway.StartAsync();
        await gateway.Services.GetRequiredService<IBalanceLedger>()
            .AdjustAsync(AccountId.OfApp("hello"), 20_000_000, "a gift", "a test", "=SUM(A1)", Stop);
        using var browser = new DashboardClient(gateway.ManagementPort);
        Assert.Equal(302, (await browser.GetAsync(Csv)).Status);
        await browser.SignInAsync(PayableGateway.AdminToken);
        Assert.Contains($"href=\"{Csv}\"", (await browser.GetAsync("/admin/apps/hello")).Text, StringComparison.Ordinal);

        var csv = await browser.GetAsync(Csv);

        Assert.Equal((200, "no-store"), (csv.Status, csv.CacheControl));
        Assert.Contains("\"adjustedUp\",\"20000000\",\"0.02\"", csv.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync("/admin/apps/not-there/statement.csv")).Status);
    }
}
