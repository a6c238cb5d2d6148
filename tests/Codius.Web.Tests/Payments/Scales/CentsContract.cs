using Codius.Web.Balances;
using Codius.Web.Payments.Setup;
using Codius.Web.Payments.Streaming;
using Codius.Web.Tests.Payments.OpenPayments;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.Scales;

/// <summary>Money comes in as cents and is counted in billionths, to the unit, on every store.</summary>
public abstract class CentsContract(PayableFixture fixture)
{
    /// <summary>Units of the ledger.</summary>
    private const ulong Cent = 10_000_000;

    /// <summary>The most cents that an account can hold.</summary>
    private const ulong Full = 922_337_203_685;

    private PayableGateway Gateway => fixture.Gateway;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1UL)]
    [InlineData(250UL)]
    [InlineData(Full)]
    public async Task A_payment_in_cents_is_credited_in_the_ledgers_units(ulong cents)
    {
        var app = Gateway.NewApp();
        var target = await Gateway.SetUpAsync(app);
        using var connector = Gateway.Connector(Gateway.UnboundedToken);
        await using var sender = new StreamSender(connector, target.DestinationAccount, target.SharedSecret);

        var result = await sender.SendAsync(cents, Stop);

        Assert.Equal((PaymentEnding.Completed, cents), (result.Ending, result.Delivered));
        Assert.Equal(new ReceiverAsset("USD", 2), result.Asset);
        Assert.Equal(new Balance(cents * Cent, cents * Cent, 0, 0), await Gateway.BalanceAsync(app));
    }

    [Fact]
    public async Task The_same_cent_fifty_times_at_once_is_credited_once_and_owed_once()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();
        var owed = Owed;
        var packet = payer.Money(1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PacketMaker.SendAsync(connector, packet)));

        Assert.All(replies, reply => Assert.IsType<IlpFulfill>(reply));
        Assert.Equal(Cent, (await Gateway.BalanceAsync(app)).Credited);
        Assert.Equal(owed + Cent, Owed);
    }

    [Fact]
    public async Task The_room_left_is_answered_in_cents_rounded_down()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector(Gateway.UnboundedToken);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(Full - 5)));

        Assert.Equal((6UL, 5UL), await TooLargeAsync(connector, payer.Money(6)));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(5)));
        Assert.Equal((1UL, 0UL), await TooLargeAsync(connector, payer.Money(1)));
        Assert.Equal(Full * Cent, (await Gateway.BalanceAsync(app)).Credited);
    }

    /// <summary>The second, times the factor, is 2^64 and a little: it must not wrap to a small amount.</summary>
    [Theory]
    [InlineData(Full + 1)]
    [InlineData(1_844_674_407_371UL)]
    [InlineData(ulong.MaxValue)]
    public async Task Cents_that_no_account_can_hold_are_refused_and_change_nothing(ulong cents)
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector(Gateway.UnboundedToken);

        Assert.Equal((cents, Full), await TooLargeAsync(connector, payer.Money(cents)));
        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Fact]
    public async Task A_payers_own_receipts_carry_the_total_in_cents()
    {
        var app = Gateway.NewApp();
        var (nonce, secret) = (ReceiptNonce.Generate(), new ReceiptSecret(Enumerable.Repeat((byte)7, 32).ToArray()));
        var payer = new PacketMaker(
            await Gateway.SetUpAsync(app, ("Receipt-Nonce", nonce.ToString()), ("Receipt-Secret", secret.ToBase64())));
        using var connector = Gateway.Connector();

        foreach (var (cents, total) in new[] { (3UL, 3UL), (4UL, 7UL) })
        {
            var packet = payer.Money(cents);
            var receipt = payer.Receipt(await PacketMaker.SendAsync(connector, packet));
            Assert.True(StreamReceipt.TryVerify(receipt, secret, out var read, out _));
            Assert.Equal(new StreamReceipt(nonce, 1, total), read);
            Assert.Equal(receipt, payer.Receipt(await PacketMaker.SendAsync(connector, packet)));
        }
        Assert.Equal(7 * Cent, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Theory]
    [InlineData(9, "5")]
    [InlineData(3, "5000000")]
    public async Task A_receipt_of_a_wallet_with_more_digits_counts_by_those(int scale, string units)
    {
        var app = Gateway.NewApp();
        var issued = Gateway.Services.GetRequiredService<ReceiptSecrets>().Issue(
            TimeProvider.System.GetUtcNow(), AccountId.OfApp(app), scale);
        var receipt = Convert.ToBase64String(new StreamReceipt(issued.Nonce, 1, 5).Sign(issued.Secret));

        Assert.Equal((200, units), await Gateway.PostAsync($"/balances/{app}:creditReceipt", receipt));
    }

    [Fact]
    public async Task A_posted_receipt_counts_its_cents_once_and_one_beyond_64_bits_is_refused()
    {
        var app = Gateway.NewApp();
        var issued = Gateway.Services.GetRequiredService<ReceiptSecrets>().Issue(
            TimeProvider.System.GetUtcNow(), AccountId.OfApp(app), 2);
        Task<(int, string)> PostAsync(ulong total) => Gateway.PostAsync($"/balances/{app}:creditReceipt",
            Convert.ToBase64String(new StreamReceipt(issued.Nonce, 1, total).Sign(issued.Secret)));

        Assert.Equal((200, "50000000"), await PostAsync(5));
        Assert.Equal((400, "expired receipt"), await PostAsync(5));
        Assert.Equal((200, "70000000"), await PostAsync(7));
        Assert.Equal((409, "receipt amount exceeds max 64 bit signed integer"), await PostAsync(1_844_674_407_371));
        Assert.Equal((409, "receipt amount exceeds max 64 bit signed integer"), await PostAsync(Full + 1));
        Assert.Equal(7 * Cent, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task An_incoming_payment_is_made_read_listed_and_filled_in_cents()
    {
        var app = Gateway.NewApp();
        var client = new BareClient(Gateway);
        var (url, method) = await client.CreateAsync(app, 3, scale: 2);
        var payer = new PacketMaker(method);
        using var connector = Gateway.Connector();

        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(2)));
        Assert.Equal(2UL, await client.ReceivedAsync(url));
        Assert.Equal((2UL, 1UL), await TooLargeAsync(connector, payer.Money(2)));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(1)));

        var token = await client.GrantAsync(app, "read", "list");
        var whole = (await client.SendAsync(HttpMethod.Get, url, token: token)).Json!;
        Assert.True((bool)whole["completed"]!);
        foreach (var member in new[] { "incomingAmount", "receivedAmount" })
            Assert.Equal("""{"value":"3","assetCode":"USD","assetScale":2}""", whole[member]!.ToJsonString());
        var query = "?wallet-address=" + Uri.EscapeDataString(BareClient.IdOf(Gateway, app));
        var list = (await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app) + query, token: token)).Json!;
        Assert.Equal("3", (string)list["result"]![0]!["receivedAmount"]!["value"]!);
        Assert.Equal(3 * Cent, (await Gateway.BalanceAsync(app)).Credited);
    }

    /// <summary>3 cents of an account that is full but for 2 and a half.</summary>
    [Fact]
    public async Task An_incoming_payment_that_no_account_can_hold_takes_what_there_is_room_for()
    {
        var app = Gateway.NewApp();
        await Gateway.PayAsync(app, long.MaxValue - (5 * Cent / 2));
        var (_, method) = await new BareClient(Gateway).CreateAsync(app, long.MaxValue, scale: 2);
        var payer = new PacketMaker(method);
        using var connector = Gateway.Connector();

        Assert.Equal((3UL, 2UL), await TooLargeAsync(connector, payer.Money(3)));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(2)));
        Assert.Equal(long.MaxValue - (Cent / 2), (await Gateway.BalanceAsync(app)).Credited);
    }

    private ulong Owed =>
        Gateway.Services.GetRequiredService<ConnectorDebts>().All.Aggregate(0UL, (sum, debt) => sum + debt.Owed);

    private static async Task<(ulong Received, ulong Maximum)> TooLargeAsync(IlpOverHttpClient connector, IlpPrepare packet)
    {
        var reply = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, packet));
        Assert.Equal(IlpErrorCode.F08AmountTooLarge, reply.Code);
        Assert.True(AmountTooLarge.TryRead(reply.Data.Span, out var amounts, out _));
        return (amounts.Received, amounts.Maximum);
    }

    private async Task<(string App, PacketMaker Payer)> PayerAsync()
    {
        var app = Gateway.NewApp();
        return (app, new PacketMaker(await Gateway.SetUpAsync(app)));
    }
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class CentsOnGarnetTests(CentsOnGarnet fixture) : CentsContract(fixture), IClassFixture<CentsOnGarnet>;

/// <summary>On a real redis-server.</summary>
public sealed class CentsOnRedisTests(CentsOnRedis fixture) : CentsContract(fixture), IClassFixture<CentsOnRedis>;
