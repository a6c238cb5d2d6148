using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.HostPayments;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Finding a payment at the dashboard.</summary>
public sealed class PaymentsPageTests
{
    private const string Payments = "/admin/payments";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_is_in_the_list_of_the_host_and_found_by_its_receipts_nonce()
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
        gateway.Services.GetRequiredService<PaymentNotes>().Credited(PaymentId.Of(credit), credit.TotalReceived);
        await Eventually.TrueAsync<bool>("it is in the list of the host", async () =>
            (await PageAsync("")).Contains("Paid, by a receipt", StringComparison.Ordinal) ? true : null);

        var list = await PageAsync("?cursor=nonsense");
        Assert.Contains("/admin/apps/hello", list, StringComparison.Ordinal);
        Assert.Contains("0.0205", list, StringComparison.Ordinal);
        Assert.Contains("0.0205", await PageAsync($"?shown={Convert.ToHexString(nonce)}"), StringComparison.Ordinal);
        foreach (var unknown in new[] { new string('a', 32), new string('a', 64), "a-reference" })
            Assert.Contains("No payment of the host&#x27;s newest has this", await PageAsync($"?shown={unknown}"),
                StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await PageAsync("?shown=%3Cscript%3E"), StringComparison.Ordinal);

        async Task<string> PageAsync(string query)
        {
            var page = await browser.GetAsync(Payments + query);
            Assert.Equal(200, page.Status);
            return page.Text;
        }
    }
}
