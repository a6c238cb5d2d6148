using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Forms that move money are done once, and say so; what else a session may do and see by its scopes.</summary>
public sealed class MoneyFormTests
{
    private const string Settle = "/admin/connectors/one/settle";
    private const string Refund = "/admin/apps/hello/refund";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reference_is_booked_once_and_neither_a_repeat_nor_another_amount_is_shown_as_booked()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
        Assert.IsType<Interledger.Net.Packets.IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        async Task<DashboardClient.Answer> Book(string amount)
        {
            var fields = DashboardClient.FieldsOf(await browser.GetAsync(Settle));
            (fields["amount"], fields["reference"], fields["reason"], fields["sure"]) = (amount, "sepa-0815", "arrived", "yes");
            return await browser.PostAsync(Settle, fields);
        }

        Assert.Equal((303, "/admin/connectors/one?done=settle"), Of(await Book("0.0000001")));
        var again = await Book("0.0000001");
        Assert.Equal((409, true), (again.Status, again.Text.Contains("was booked before; nothing was done now", StringComparison.Ordinal)));
        var other = await Book("0.0000002");
        Assert.Equal((409, true), (other.Status, other.Text.Contains("with another amount", StringComparison.Ordinal)));

        Assert.Equal(500UL, gateway.Services.GetRequiredService<Codius.Web.Balances.Debts.IDebtors>().All
            .Single(debtor => debtor.Name == "one").Owed);
    }

    [Fact]
    public async Task Too_many_changes_with_one_token_are_refused_and_its_pages_are_still_shown()
    {
        await using var gateway = await PayableGateway.StartAsync();
        gateway.Deploy("hello");
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(Refund));

        // Some more come again while they are made.
        var answers = new List<int>();
        for (var i = 0; i < 100 * ChangeRate.Burst && !answers.Contains(429); i++)
            answers.Add((await browser.PostAsync(Refund, fields)).Status);

        Assert.Equal(429, answers[^1]);
        Assert.True(answers.Count > ChangeRate.Burst / 2, $"{answers.Count} changes");
        Assert.Equal(200, (await browser.GetAsync(Refund)).Status);
    }

    [Theory]
    [InlineData(Refund, "amount")]
    [InlineData("/admin/apps/hello/adjust", "change")]
    public async Task A_form_that_comes_again_with_another_amount_moves_nothing_and_says_so(string path, string field)
    {
        await using var gateway = await PayableGateway.StartAsync();
        gateway.Deploy("hello");
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        await ledger.AdjustAsync(AccountId.OfApp("hello"), 9_000_000, "paid", "a test", "a test", Stop);
        await ledger.SpendAsync(AccountId.OfApp("hello"), 5_000_000, Stop);
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(path));
        (fields[field], fields["reason"], fields["sure"]) = ("0.001", "sorry", "yes");
        Assert.Equal(303, (await browser.PostAsync(path, fields)).Status);

        fields[field] = "0.002";
        Assert.Equal(409, (await browser.PostAsync(path, fields)).Status);

        Assert.Equal(5_000_000UL, (await gateway.ReadAsync("hello"))!.Value.Available);
    }

    [Fact]
    public async Task What_an_app_wrote_is_shown_only_with_the_scope_that_the_API_asks_for()
    {
        await using var gateway = await PayableGateway.StartAsync();
        gateway.Deploy("hello");
        Assert.True(gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind("hello", out var hello));
        await gateway.Services.GetRequiredService<LastFailures>().WriteAsync(
            hello, new LastFailure(TimeProvider.System.GetUtcNow(), "It ended.", "the password is 1234"));
        foreach (var seesIt in new[] { false, true })
        {
            using var browser = await SignedInAsync(gateway, seesIt ? [AdminScope.Read, AdminScope.Operate] : [AdminScope.Read]);
            var page = await browser.GetAsync("/admin/apps/hello");

            Assert.Contains("It ended.", page.Text, StringComparison.Ordinal);
            Assert.Equal(seesIt, page.Text.Contains("the password is 1234", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_session_ends_whatever_its_token_may_also_when_that_has_been_revoked()
    {
        await using var gateway = await PayableGateway.StartAsync();
        gateway.Deploy("hello");
        using var browser = await SignedInAsync(gateway, AdminScope.Money);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync(Refund));
        var tokens = gateway.Services.GetRequiredService<AdminTokens>();
        await tokens.RevokeAsync(Assert.Single(await tokens.ListAsync()).Name);

        Assert.Equal(403, (await browser.PostAsync("/admin/sign-out", new Dictionary<string, string> { ["form-token"] = "AAAA" })).Status);
        Assert.NotNull(browser.Cookie);
        Assert.Equal((303, "/admin/sign-in"), Of(await browser.PostAsync(
            "/admin/sign-out", new Dictionary<string, string> { ["form-token"] = fields["form-token"] })));
        Assert.Null(browser.Cookie);
    }

    private static async Task<DashboardClient> SignedInAsync(PayableGateway gateway, params AdminScope[] scopes)
    {
        var made = await gateway.Services.GetRequiredService<AdminTokens>().MakeAsync(
            "t" + Guid.NewGuid().ToString("N")[..20], scopes, TimeProvider.System.GetUtcNow().AddDays(1), "a test");
        var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(made!.Value.Token);
        return browser;
    }

    private static (int Status, string? Location) Of(DashboardClient.Answer answer) => (answer.Status, answer.Location);
}
