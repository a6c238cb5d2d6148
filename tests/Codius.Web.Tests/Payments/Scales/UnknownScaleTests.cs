using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;
using Interledger.Net.Receipts;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.Scales;

public sealed class UnknownScaleTests
{
    [Fact]
    public async Task Until_the_wire_is_known_a_receipt_counts_nothing_and_it_counts_once_it_is()
    {
        await using var gateway = await PayableGateway.StartAsync(
            services: parts => parts.AddSingleton(provider => new WireAsset(provider.GetRequiredService<Asset>())));
        var app = gateway.NewApp();
        var issued = gateway.Services.GetRequiredService<ReceiptSecrets>().Issue(
            TimeProvider.System.GetUtcNow(), AccountId.OfApp(app), 2);
        var receipt = Convert.ToBase64String(new StreamReceipt(issued.Nonce, 1, 5).Sign(issued.Secret));
        Task<(int Status, string Text)> PostAsync() => gateway.PostAsync($"/balances/{app}:creditReceipt", receipt);

        var (status, text) = await PostAsync();
        Assert.Equal(503, status);
        Assert.Contains("wallet-unknown", text, StringComparison.Ordinal);
        Assert.Null(await gateway.ReadAsync(app));

        gateway.Services.GetRequiredService<WireAsset>().Set(2);
        Assert.Equal((200, "50000000"), await PostAsync());
    }
}
