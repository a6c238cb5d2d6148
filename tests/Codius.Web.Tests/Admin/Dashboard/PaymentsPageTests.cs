using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Finding a payment at the dashboard.</summary>
public sealed class PaymentsPageTests
{
    private const string Payments = "/admin/payments";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_is_found_in_its_account_and_by_its_receipts_nonce()
    {
        await using var gateway = await HelloGateway.StartAsync();
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        var nonce = new byte[16];
        nonce[0] = 7;
        var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var credit = new ReceiptCredit(AccountId.OfApp("hello"), nonce, 1, 20_500_000, now, now.AddHours(1), Unbound: false);
        var ledger = gateway.Services.GetRequiredService<IBalanceLedger>();
        Assert.Equal(CreditOutcome.Credited, (await ledger.CreditAsync(credit, Stop)).Outcome);
        Assert.Contains("No such account was ever paid.", await PageAsync("?account=not-there"), StringComparison.Ordinal);
        Assert.Contains("Say whose account", await PageAsync("?shown=abc"), StringComparison.Ordinal);

        Assert.Contains("Paid, by a receipt", await PageAsync("?account=hello"), StringComparison.Ordinal);
        var byNonce = await PageAsync($"?account=hello&shown={Convert.ToHexString(nonce)}");
        Assert.Contains("0.0205 USD credited of stream 1", byNonce, StringComparison.Ordinal);
        Assert.Contains("No receipt with this nonce", await PageAsync($"?account=hello&shown={new string('a', 32)}"),
            StringComparison.Ordinal);
        Assert.Contains("No packet with this execution condition", await PageAsync($"?account=hello&shown={new string('a', 64)}"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await PageAsync("?account=%3Cscript%3E&shown=%3Cscript%3E"), StringComparison.Ordinal);

        async Task<string> PageAsync(string query)
        {
            var page = await browser.GetAsync(Payments + query);
            Assert.Equal(200, page.Status);
            return page.Text;
        }
    }
}
