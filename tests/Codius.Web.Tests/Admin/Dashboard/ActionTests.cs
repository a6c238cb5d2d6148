using Codius.Web.Apps.Steering;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>What the dashboard's forms accept, say and do.</summary>
public sealed class ActionTests
{
    private const string Refund = "/admin/apps/hello/refund";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_says_what_it_will_do_is_done_once_and_is_in_the_audit_log()
    {
        await using var gateway = await HelloGateway.StartAsync();
        await HelloGateway.SpendAsync(gateway, 9_000_000);
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(Refund));
        fields["amount"] = "0.002";
        fields["reason"] = "sorry <b>twice</b>";

        var question = await browser.PostAsync(Refund, fields);

        Assert.Equal(200, question.Status);
        Assert.Contains("Refund 0.002 USD to hello?", question.Text, StringComparison.Ordinal);
        Assert.Contains("of the 0.009 USD that it has spent here", question.Text, StringComparison.Ordinal);
        Assert.Contains("sorry &lt;b&gt;twice", question.Text, StringComparison.Ordinal);
        Assert.Equal(9_000_000ul, (await HelloGateway.BalanceAsync(gateway)).Spent);

        var sure = DashboardClient.FieldsOf(question);
        for (var i = 0; i < 2; i++) Assert.Equal("/admin/apps/hello?done=refund", (await browser.PostAsync(Refund, sure)).Location);
        Assert.Equal(7_000_000ul, (await HelloGateway.BalanceAsync(gateway)).Spent);
        var audit = await browser.GetAsync("/admin/audit");
        Assert.Matches(
            """account\.refund</code> *\s<a href="/admin/apps/hello">hello</a>\s+2000000 units \(0\.002 USD\), id """, audit.Text);
        Assert.Contains("sorry &lt;b&gt;twice", audit.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "a reason")]
    [InlineData("0", "a reason")]
    [InlineData("-1", "a reason")]
    [InlineData("1e3", "a reason")]
    [InlineData("0.0000000001", "a reason")]
    [InlineData("99999999999999999999", "a reason")]
    [InlineData("0.01", "a reason")]
    [InlineData("0.001", "")]
    [InlineData("0.001", " ")]
    public async Task A_form_with_a_fault_is_shown_again_and_moves_nothing(string amount, string reason)
    {
        await using var gateway = await HelloGateway.StartAsync();
        await HelloGateway.SpendAsync(gateway, 9_000_000);
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(Refund));
        fields["amount"] = amount;
        fields["reason"] = reason;
        fields["sure"] = "yes";

        var answer = await browser.PostAsync(Refund, fields);

        Assert.Equal(422, answer.Status);
        Assert.Contains("aria-invalid=\"true\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(9_000_000ul, (await HelloGateway.BalanceAsync(gateway)).Spent);
    }

    [Fact]
    public async Task More_than_an_app_has_is_not_taken_from_it()
    {
        await using var gateway = await HelloGateway.StartAsync();
        await HelloGateway.SpendAsync(gateway, 9_000_000);
        var before = await HelloGateway.BalanceAsync(gateway);
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync("/admin/apps/hello/adjust"));
        fields["change"] = "-1000000";
        fields["reason"] = "a mistake";
        fields["sure"] = "yes";

        Assert.Equal(422, (await browser.PostAsync("/admin/apps/hello/adjust", fields)).Status);
        Assert.Equal(before, await HelloGateway.BalanceAsync(gateway));
    }

    [Fact]
    public async Task An_app_is_blocked_with_words_priced_and_opened_again()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var steering = gateway.Services.GetRequiredService<IAppSteering>();

        await ActAsync(browser, "block", ("words", "Closed <b>for now</b>."));
        Assert.Equal("Closed <b>for now</b>.", (await steering.ReadAsync("hello", Stop)).BlockedWords);
        Assert.Contains("Closed &lt;b&gt;for now", (await browser.GetAsync("/admin/apps/hello")).Text, StringComparison.Ordinal);
        await ActAsync(browser, "unblock");
        Assert.False((await steering.ReadAsync("hello", Stop)).IsBlocked);
        await ActAsync(browser, "price", ("price", "0.00002"), ("cap", "0.5"));

        var set = await steering.ReadAsync("hello", Stop);
        Assert.Equal((20_000ul, 500_000_000ul), (set.PricePerRequest, set.MaxSpendPerHour));
        // Of two admins who began with the same, the second is told.
        var fields = DashboardClient.FieldsOf(await browser.GetAsync("/admin/apps/hello/price"));
        await ActAsync(browser, "price", ("price", ""), ("cap", ""));
        fields["reason"] = "too late";
        fields["price"] = "0.00003";
        var late = await browser.PostAsync("/admin/apps/hello/price", fields);
        Assert.Equal((422, true), (late.Status, late.Text.Contains("Another admin has changed it meanwhile", StringComparison.Ordinal)));
        Assert.Null((await steering.ReadAsync("hello", Stop)).PricePerRequest);
    }

    [Fact]
    public async Task What_cannot_be_read_blocks_the_app_until_its_owner_decides_and_a_price_is_no_decision()
    {
        await using var gateway = await HelloGateway.StartAsync();
        var database = gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase();
        await database.HashSetAsync(SteeringScripts.Entries, "hello", "not an entry");
        var steering = gateway.Services.GetRequiredService<IAppSteering>();
        // Any change has all entries read again.
        await steering.RequestSleepAsync("another", Stop);
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = await browser.GetAsync("/admin/apps/hello");
        Assert.Contains("You may not have blocked it", page.Text, StringComparison.Ordinal);
        Assert.Contains("/admin/apps/hello/block\"", page.Text, StringComparison.Ordinal);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync("/admin/apps/hello/price"));
        fields["price"] = "0.00003";
        fields["reason"] = "a test";
        var refused = await browser.PostAsync("/admin/apps/hello/price", fields);
        Assert.Equal((422, true), (refused.Status, refused.Text.Contains("it is blocked meanwhile", StringComparison.Ordinal)));
        Assert.Contains("is gone", (await browser.GetAsync("/admin/apps/hello/unblock")).Text, StringComparison.Ordinal);

        await ActAsync(browser, "unblock");
        await ActAsync(browser, "price", ("price", "0.00003"), ("cap", ""));

        Assert.Equal(new AppSteering(30_000, null, null, 0), (await steering.ReadAsync("hello", Stop)) with { Version = 0 });
    }

    [Theory]
    [InlineData("/admin/apps/not-there")]
    [InlineData("/admin/apps/not-there/refund")]
    [InlineData("/admin/apps/-owed-lighthouse/refund")]
    [InlineData("/admin/apps/%2e%2e%2fhello/refund")]
    [InlineData("/admin/connectors/nobody")]
    [InlineData("/admin/connectors/nobody/settle")]
    [InlineData("/admin/apps/hello/explode")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);

        Assert.Equal(404, (await browser.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/admin/apps/not-there", "href=\"/admin/apps\">All apps")]
    [InlineData("/admin/apps/not-there/refund", "href=\"/admin/apps\">All apps")]
    [InlineData("/admin/connectors/nobody", "href=\"/admin/\">Overview")]
    [InlineData("/admin/tokens/nobody/revoke", "href=\"/admin/tokens\">All tokens")]
    public async Task The_page_of_what_is_not_there_leads_on_within_the_dashboard(string path, string link)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = await browser.GetAsync(path);

        Assert.Equal(404, page.Status);
        Assert.Contains(link, page.Text[page.Text.IndexOf("<main", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/apps?cursor=nonsense")]
    [InlineData("/admin/apps?sort=nonsense&state=nonsense&q=%3Cscript%3E")]
    [InlineData("/admin/apps/hello?cursor=nonsense&range=nonsense&done=nonsense")]
    [InlineData("/admin/audit?cursor=nonsense")]
    [InlineData("/admin/?range=nonsense")]
    public async Task A_page_with_parameters_that_mean_nothing_is_the_first_one(string path)
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = await DashboardClient.SignedInAsync(gateway);

        var page = await browser.GetAsync(path);
        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
    }

    private static async Task ActAsync(DashboardClient browser, string action, params (string Field, string Value)[] values)
    {
        var path = "/admin/apps/hello/" + action;
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(path));
        foreach (var (field, value) in values) fields[field] = value;
        fields["reason"] = "a test";
        fields["sure"] = "yes";
        Assert.Equal($"/admin/apps/hello?done={action}", (await browser.PostAsync(path, fields)).Location);
    }
}
