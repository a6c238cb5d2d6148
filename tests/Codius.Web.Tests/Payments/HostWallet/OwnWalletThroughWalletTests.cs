using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Tests.Payments.OwnWallet;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>Pages of a host that is paid through its wallet: a visitor's own wallet pays it, and the money shows.</summary>
public sealed class OwnWalletThroughWalletTests
{
    [Fact]
    public async Task A_visitor_pays_from_the_own_wallet_and_the_host_gets_it_in_its_own()
    {
        await using var stage = await HostWalletStage.StartAsync(settings: "Prices:OpenAt=0.0003");
        using var connector = stage.Wallet.Connector();
        await using var payers = await FakeWallet.StartAsync(GatewayUnderTest.Handler(stage.Gateway.Port), connector);
        using var visitor = new Visitor(stage.Gateway);
        var app = stage.Gateway.NewApp();

        var (status, consent) = await visitor.SendAsync(app, payers.Address);
        Assert.Equal(200, status);
        Assert.Equal(303, (await visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);

        Assert.Equal(300_000UL, Assert.Single(await payers.PaymentsAsync()).Delivered);
        await stage.UntilCreditedAsync(app, 300_000);
        Assert.Equal(300_000UL, (await stage.Wallet.BalanceAsync(HostWalletStage.Account)).Credited);
        var statement = await stage.Gateway.Services.GetRequiredService<IBooks>().ReadEntriesAsync(
            AccountId.OfApp(app), null, 10, TestContext.Current.CancellationToken);
        Assert.Equal(("wallet", payers.Address), (statement.Entries.Single().Way, statement.Entries.Single().Payer));
    }

    [Fact]
    public async Task The_page_has_a_monetization_link_and_reads_the_payment_that_its_browser_made()
    {
        await using var stage = await HostWalletStage.StartAsync();
        using var visitor = new Visitor(stage.Gateway);
        var app = stage.Gateway.NewApp();

        var (status, page, _) = await visitor.OpenAsync(stage.Gateway.UrlOf(app));

        Assert.Equal(402, status);
        Assert.Contains($"<link rel=\"monetization\" href=\"{stage.Gateway.UrlOf(app)}.well-known/pay\"", page, StringComparison.Ordinal);
        Assert.Contains($"data-payments=\"{stage.Gateway.Host}/\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_reads_that_the_host_cannot_be_paid_while_its_wallet_is_away()
    {
        await using var stage = await HostWalletStage.StartAsync();
        using var connector = stage.Wallet.Connector();
        await using var payers = await FakeWallet.StartAsync(GatewayUnderTest.Handler(stage.Gateway.Port), connector);
        using var visitor = new Visitor(stage.Gateway);
        stage.Proxy.FailPayments(503);

        var (status, page) = await visitor.SendAsync(stage.Gateway.NewApp(), payers.Address);

        Assert.Equal(422, status);
        Assert.Contains("This host cannot receive a payment right now. Nothing was paid", page, StringComparison.Ordinal);
    }
}
