using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Setup;
using Interledger.Net.Receipts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>The wallet's asset is the host's, with as many digits or fewer; else nothing starts, or nothing is credited.</summary>
public sealed class WalletAssetTests
{
    private const ulong Cent = 10_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wallet_that_counts_in_cents_pays_a_host_with_the_usual_prices()
    {
        await using var stage = await HostWalletStage.StartAsync(scale: 2);
        var app = stage.Gateway.NewApp();
        using var document = await stage.Gateway.GetAsync(stage.Gateway.UrlOf(app) + ".well-known/pay", "application/json");
        Assert.Contains("\"assetScale\":2", await document.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        var (url, method) = await stage.CreateAsync(app, 3);
        await stage.PayAsync(method, 1);
        await stage.UntilCreditedAsync(app, Cent, url);
        await stage.PayAsync(method, 2);
        await stage.UntilCreditedAsync(app, 3 * Cent, url);

        var read = await stage.ReadAsync(app, url);
        Assert.Equal(("3", "3", true), (
            (string)read["receivedAmount"]!["value"]!, (string)read["incomingAmount"]!["value"]!, (bool)read["completed"]!));
    }

    [Fact]
    public async Task A_wallet_in_another_currency_is_a_start_up_fault()
    {
        await using var stage = await HostWalletStage.PrepareAsync(settings: "Host:AssetCode=EUR");

        var fault = await Assert.ThrowsAsync<StartupFaultException>(() => stage.BeginAsync());

        Assert.Equal($"Payments:Wallet: The wallet {stage.Address} is an account in EUR, but Host:AssetCode is USD. Name a wallet in USD, "
            + "or set Host:AssetCode before the host has balances.", fault.Message);
    }

    [Fact]
    public async Task A_wallet_with_more_digits_than_the_ledger_is_a_start_up_fault()
    {
        await using var stage = await HostWalletStage.PrepareAsync();

        var fault = await Assert.ThrowsAsync<StartupFaultException>(() => stage.BeginAsync(settings:
            ["Host:AssetScale=6", "Prices:PerRequest=0.00001"]));

        Assert.StartsWith($"Payments:Wallet: The wallet {stage.Address} counts in 9 digits, more than the 6 of Host:AssetScale",
            fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_asset_that_changes_stops_credits_until_it_is_back()
    {
        await using var stage = await HostWalletStage.StartAsync();
        var (app, reader) = (stage.Gateway.NewApp(), stage.Gateway.Services.GetRequiredService<HostWalletReader>());
        var (url, method) = await stage.CreateAsync(app);
        stage.Proxy.Rewrite = (context, text) => context.Request.Path == "/.well-known/pay"
            ? text.Replace("\"assetScale\":9", "\"assetScale\":6", StringComparison.Ordinal) : text;
        await reader.ReadAsync(Stop);
        await stage.PayAsync(method, 5);

        Assert.Equal(503, (await stage.Payer.AskForGrantAsync(app, true, "create")).Status);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(stage)).Status);
        Assert.Contains("counts in 6 digits and before in 9", (await HealthAsync(stage)).Description, StringComparison.Ordinal);
        var issued = stage.Gateway.Services.GetRequiredService<ReceiptSecrets>().Issue(
            TimeProvider.System.GetUtcNow(), AccountId.OfApp(app), 9);
        var receipt = Convert.ToBase64String(new StreamReceipt(issued.Nonce, 1, 7).Sign(issued.Secret));
        Assert.Equal(503, (await stage.Gateway.PostAsync($"/balances/{app}:creditReceipt", receipt)).Status);
        Assert.Null(await stage.Gateway.ReadAsync(app));
        Assert.False(await IsOfferedAsync());

        stage.Proxy.Rewrite = null;
        await reader.ReadAsync(Stop);
        Assert.True(await IsOfferedAsync());
        Assert.Equal(200, (await stage.Gateway.PostAsync($"/balances/{app}:creditReceipt", receipt)).Status);
        await stage.UntilCreditedAsync(app, 12, url);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(stage)).Status);

        async Task<bool> IsOfferedAsync()
        {
            using var visit = await stage.Gateway.GetAsync(stage.Gateway.UrlOf(stage.Gateway.NewApp()), "text/html");
            Assert.Equal(402, (int)visit.StatusCode);
            var page = await visit.Content.ReadAsStringAsync(Stop);
            Assert.NotEqual(page.Contains("monetization\"", StringComparison.Ordinal),
                page.Contains("cannot be paid at the moment", StringComparison.Ordinal));
            Assert.Equal(visit.Headers.Contains("Link"), page.Contains("rel=\"monetization\"", StringComparison.Ordinal));
            return visit.Headers.Contains("Link");
        }
    }

    [Fact]
    public async Task A_pointer_that_leads_to_another_wallet_stops_credits_until_it_leads_back()
    {
        await using var stage = await HostWalletStage.StartAsync();
        var (app, reader) = (stage.Gateway.NewApp(), stage.Gateway.Services.GetRequiredService<HostWalletReader>());
        var (url, method) = await stage.CreateAsync(app);
        stage.Proxy.Rewrite = (context, text) => context.Request.Path == "/.well-known/pay"
            ? text.Replace("/.well-known/pay\"", "/another\"", StringComparison.Ordinal) : text;
        await reader.ReadAsync(Stop);
        await stage.PayAsync(method, 5);

        Assert.Equal(503, (await stage.Payer.AskForGrantAsync(app, true, "create")).Status);
        Assert.Contains("/another now and led to", (await HealthAsync(stage)).Description, StringComparison.Ordinal);

        stage.Proxy.Rewrite = null;
        await reader.ReadAsync(Stop);
        await stage.UntilCreditedAsync(app, 5, url);
    }

    private static Task<HealthCheckResult> HealthAsync(HostWalletStage stage) =>
        stage.Gateway.Services.GetRequiredService<PaymentsHealth>().CheckHealthAsync(new HealthCheckContext(), Stop);
}
