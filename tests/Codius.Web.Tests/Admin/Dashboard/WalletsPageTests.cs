using Codius.Testing.Wallets;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>What the dashboard shows of the wallet that receives the host's payments.</summary>
public sealed class WalletsPageTests
{
    private readonly StagedHostWallets _wallets = new();

    [Fact]
    public async Task It_says_what_the_wallet_does_what_failed_and_which_payments_were_given_up()
    {
        await using var gateway = await StartAsync();
        _wallets.Wallets = [StagedHostWallets.Receiving(TimeProvider.System.GetUtcNow(), "hello")];

        var page = await PageAsync(gateway);

        Assert.Contains("It receives payments.", page, StringComparison.Ordinal);
        Assert.Contains("<code>$wallet.example/host</code>", page, StringComparison.Ordinal);
        Assert.Contains("31 may be paid, 4 are being completed, 2 are due to be looked at", page, StringComparison.Ordinal);
        Assert.Contains("The wallet answered 503", page, StringComparison.Ordinal);
        Assert.Contains("2 payments that could not be credited", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/apps/hello\"", page, StringComparison.Ordinal);
        Assert.Contains("A deploy token", page, StringComparison.Ordinal);
        Assert.All(_wallets.Wallets[0].GivenUp, payment =>
        {
            Assert.Contains($"{payment.Id:D}", page, StringComparison.Ordinal);
            Assert.Contains(payment.Why, page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task One_that_is_stopped_is_bad_and_says_why_as_text()
    {
        await using var gateway = await StartAsync();
        var wallet = StagedHostWallets.Receiving(TimeProvider.System.GetUtcNow(), "hello");
        _wallets.Wallets = [wallet with { State = "stopped", Stopped = "It has <b>another</b> asset.", GivenUp = [] }];

        var page = await PageAsync(gateway);

        Assert.Contains("verdict bad", page, StringComparison.Ordinal);
        Assert.Contains("Nothing is credited: It has &lt;b&gt;another&lt;/b&gt; asset.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Given up</h2>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_it_says_who_receives()
    {
        await using var gateway = await StartAsync();

        Assert.Contains("The gateways receive payments themselves", await PageAsync(gateway), StringComparison.Ordinal);
    }

    private Task<PayableGateway> StartAsync() => HelloGateway.StartAsync(services => services.AddSingleton<IHostWallets>(_wallets));

    private static async Task<string> PageAsync(PayableGateway gateway)
    {
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var page = await browser.GetAsync("/admin/wallets");
        Assert.Equal(200, page.Status);
        return page.Text;
    }
}
