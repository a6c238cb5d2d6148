using Codius.Web.Hosting;
using Codius.Web.Payments.OpenPayments;
using Microsoft.Extensions.Options;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>Whose metadata is believed to name a payer.</summary>
public sealed class PayerMetadataTests
{
    private const string Payer = "https://wallet.example/alice";

    private static readonly HostNames Names = new(Options.Create(new HostOptions { PublicUrl = new Uri("https://codius.test") }));

    [Fact]
    public void Of_a_payment_that_the_gateway_made_for_the_app() =>
        Assert.Equal(Payer, PayerMetadata.PayerOf(MadeBy(Names.WalletAddressOf("hello"), PayerMetadata.Of(Payer, 100)), Names));

    [Theory]
    [InlineData("https://hello.codius.test/.well-known/pay/")]
    [InlineData("https://other.codius.test/.well-known/pay")]
    [InlineData("https://wallet.example/alice")]
    public void What_another_client_claims_is_not_believed(string client) =>
        Assert.Null(PayerMetadata.PayerOf(MadeBy(client, PayerMetadata.Of(Payer, 100)), Names));

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{\"payer\":\"\"}")]
    [InlineData("{\"payer\":\"")]
    [InlineData("{\"payer\":\"a\",\"b\":\"c\"}")]
    [InlineData("{\"payer\":\"a\\u0009b\"}")]
    public void Other_metadata_names_no_payer(string? metadata) =>
        Assert.Null(PayerMetadata.PayerOf(MadeBy(Names.WalletAddressOf("hello"), metadata), Names));

    [Theory]
    [InlineData("https://wallet.example/a\tb")]
    [InlineData("https://wallet.example/a\"b")]
    [InlineData("https://wallet.example/ä")]
    [InlineData("")]
    public void An_address_that_is_no_plain_text_is_left_out(string payer) => Assert.Null(PayerMetadata.Of(payer, 100));

    [Fact]
    public void An_address_that_does_not_fit_is_left_out()
    {
        var metadata = PayerMetadata.Of(Payer, 100)!;

        Assert.Equal(metadata, PayerMetadata.Of(Payer, metadata.Length));
        Assert.Null(PayerMetadata.Of(Payer, metadata.Length - 1));
    }

    private static IncomingPayment MadeBy(string client, string? metadata) => IncomingPayment.New(
        "hello", IncomingPayment.ClientIdOf(client), 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), metadata);
}
