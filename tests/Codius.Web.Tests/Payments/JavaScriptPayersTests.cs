using Codius.Web.Tests.Payments.Interop;
using Interledger.Net.Receipts;
using Interledger.Net.Tests.Interop;

namespace Codius.Web.Tests.Payments;

/// <summary>
/// The payers of the JavaScript world, unchanged, pay an app over ILP over HTTP, through a connector without and with network faults.
/// </summary>
public sealed class JavaScriptPayersTests(PayableOnRedis fixture) : IClassFixture<PayableOnRedis>
{
    private PayableGateway Gateway => fixture.Gateway;

    [Theory]
    [InlineData("stream-client.mjs")]
    [InlineData("pay.mjs")]
    public async Task An_app_is_paid_to_the_unit_and_the_payer_gets_a_receipt(string program)
    {
        var app = Gateway.NewApp();
        var secret = new ReceiptSecret([.. Enumerable.Repeat((byte)9, ReceiptSecret.Length)]);

        await PayAsync(program, app, new NetworkFaults(), secret, paid =>
        {
            Assert.Equal("123456", paid.Delivered);
            Assert.True(StreamReceipt.TryVerify(Convert.FromBase64String(paid.Receipt), secret, out var receipt, out _));
            Assert.Equal(123_456UL, receipt.TotalReceived);
        });

        Assert.Equal(123_456UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Theory]
    [InlineData("stream-client.mjs", 100)]
    [InlineData("pay.mjs", 0)] // gives up if its first packets are refused, though they could be sent again
    public async Task Whatever_a_connector_refuses_delays_and_reorders_the_app_has_what_was_fulfilled(string program, int refused)
    {
        var app = Gateway.NewApp();
        var faults = new NetworkFaults(7) { MaxPacket = 5_000, Refused = refused, MaxDelay = 20 };

        var connector = await PayAsync(program, app, faults, null, paid => Assert.Equal("123456", paid.Delivered));

        Assert.Equal(connector.Credited, (await Gateway.BalanceAsync(app)).Credited);
        Assert.Equal(123_456UL, connector.Credited);
    }

    private async Task<TestConnector> PayAsync(string program, string app, NetworkFaults faults, ReceiptSecret? secret, Action<Paid> check)
    {
        (string, string)[] headers = secret is null ? []
            : [("Receipt-Nonce", ReceiptNonce.Generate().ToString()), ("Receipt-Secret", secret.ToBase64())];
        var (said, connector) = await JavaScriptPayer.PayAsync(Gateway, program, await Gateway.SetUpAsync(app, headers), 123_456, faults);
        Assert.True(said.TryGetProperty("delivered", out var delivered), said.ToString());
        check(new Paid(delivered.ToString(), said.GetProperty("receipt").ToString()));
        return connector;
    }

    private sealed record Paid(string Delivered, string Receipt);
}
