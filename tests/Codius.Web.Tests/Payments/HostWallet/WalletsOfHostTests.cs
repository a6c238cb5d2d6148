using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Tests.Admin.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>What the host's owner sees of the host's wallet, and of payments that were given up.</summary>
public sealed class WalletsOfHostTests
{
    [Fact]
    public async Task The_owner_sees_the_wallet_what_it_received_what_it_refused_and_what_was_given_up()
    {
        await using var stage = await HostWalletStage.StartAsync();
        using var owner = OwnersClient.Of(stage.Gateway);
        var app = stage.Gateway.NewApp();
        var (url, method) = await stage.CreateAsync(app);
        await stage.PayAsync(method, 50_000);
        await stage.UntilCreditedAsync(app, 50_000, url);
        var time = stage.Gateway.Services.GetRequiredService<TimeProvider>();
        var given = new GivenUpPayment(Guid.NewGuid(), AccountId.OfApp(app), time.GetUtcNow(), time.GetUtcNow(), time.GetUtcNow(), "Gone");
        await stage.Gateway.Services.GetRequiredService<GivenUpPayments>().AddAsync(given);

        var wallet = Assert.Single((await owner.GetAsync("/wallets")).Json.GetProperty("items").EnumerateArray());

        Assert.Equal(("receiving", 1, 0), (wallet.GetProperty("state").GetString(), wallet.GetProperty("openPayments").GetInt32(),
            wallet.GetProperty("closingPayments").GetInt32()));
        Assert.StartsWith("http", wallet.GetProperty("address").GetString(), StringComparison.Ordinal);
        var lost = Assert.Single(wallet.GetProperty("givenUp").EnumerateArray());
        Assert.Equal((app, "Gone"), (lost.GetProperty("account").GetString(), lost.GetProperty("why").GetString()));
        Assert.Equal("receiving", (await owner.GetAsync("/summary")).Json.GetProperty("wallets")[0].GetProperty("state").GetString());
        await Eventually.TrueAsync<bool>("the payment is listed", async () =>
            (await owner.GetAsync("/payments?way=wallet")).Json.GetProperty("items").GetArrayLength() == 1 ? true : null);

        stage.Proxy.FailPayments(500);
        await stage.TryCreateAsync(app);
        await Eventually.TrueAsync<bool>("the refusal is seen", async () =>
        {
            var wallet = (await owner.GetAsync("/wallets")).Json.GetProperty("items")[0];
            return wallet.GetProperty("lastFailure").GetString() is not null ? true : null;
        });
        var alerts = stage.Gateway.Services.GetRequiredService<GivenUpAlerts>();
        await alerts.ReadAsync();
        var condition = Assert.Single(alerts.Check());
        Assert.Equal("payment-given-up", condition.Rule.Id);
        Assert.Contains(app, condition.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_receives_payments_itself_has_no_wallet()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);

        Assert.Empty((await owner.GetAsync("/wallets")).Json.GetProperty("items").EnumerateArray());
        Assert.Empty((await owner.GetAsync("/summary")).Json.GetProperty("wallets").EnumerateArray());
    }
}
