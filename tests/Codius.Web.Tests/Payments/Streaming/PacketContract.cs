using Codius.Web.Balances;
using Codius.Web.Payments.Streaming;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Codius.Web.Tests.Payments.Streaming;

/// <summary>How a gateway answers the packets of a connector, on every store.</summary>
public abstract class PacketContract(PayableFixture fixture)
{
    private PayableGateway Gateway => fixture.Gateway;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1UL)]
    [InlineData(1_000_000UL)]
    [InlineData(9_007_199_254_740_993UL)]
    public async Task An_app_is_paid_to_the_unit(ulong amount)
    {
        var app = Gateway.NewApp();
        var target = await Gateway.SetUpAsync(app);
        using var connector = Gateway.Connector(Gateway.UnboundedToken);
        await using var sender = new StreamSender(connector, target.DestinationAccount, target.SharedSecret);

        var result = await sender.SendAsync(amount, Stop);

        Assert.Equal((PaymentEnding.Completed, amount), (result.Ending, result.Delivered));
        Assert.Equal(new ReceiverAsset("USD", 9), result.Asset);
        Assert.Equal(new Balance(amount, amount, 0, 0), await Gateway.BalanceAsync(app));
    }

    [Fact]
    public async Task The_same_packet_twice_is_fulfilled_twice_and_credited_once()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();
        var packet = payer.Money(700);

        var first = Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));
        using var repeated = new RefusalCounter("codius.credits.repeated", ("way", "packet"));
        var again = Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));

        Assert.Equal(packet.ExecutionCondition, first.Fulfillment.Condition);
        Assert.Equal(first.Fulfillment, again.Fulfillment);
        Assert.Equal(700UL, (await Gateway.BalanceAsync(app)).Credited);
        repeated.AssertAtLeast(1);
    }

    [Fact]
    public async Task The_same_packet_fifty_times_at_once_is_credited_once()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();
        var packet = payer.Money(700);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PacketMaker.SendAsync(connector, packet)));

        Assert.All(replies, reply => Assert.IsType<IlpFulfill>(reply));
        Assert.Equal(700UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_packet_that_expires_in_300_ms_is_rejected_and_changes_nothing()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();

        var reply = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(700, TimeSpan.FromMilliseconds(300))));

        // R00 if the machine was busy
        Assert.Contains(reply.Code, new[] { IlpErrorCode.R02InsufficientTimeout, IlpErrorCode.R00TransferTimedOut });
        Assert.Equal(default, await Gateway.BalanceAsync(app));
    }

    [Fact]
    public async Task A_packet_of_a_sender_whose_clock_is_ahead_is_credited_once_and_its_mark_lives_no_longer_than_any()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();
        var packet = payer.Money(700, TimeSpan.FromHours(1));

        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));

        Assert.Equal(700UL, (await Gateway.BalanceAsync(app)).Credited);
        var condition = new byte[IlpCondition.Length];
        packet.ExecutionCondition.CopyTo(condition);
        var mark = BalanceKeys.Packet(AccountId.OfApp(app), condition);
        var left = await Gateway.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().KeyTimeToLiveAsync(mark);
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6) + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Once_its_mark_is_gone_the_same_packet_is_credited_again_and_owed_again()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();
        var packet = payer.Money(700, TimeSpan.FromHours(1));
        var debts = Gateway.Services.GetRequiredService<ConnectorDebts>();
        var before = Owed(debts);

        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));
        var condition = new byte[IlpCondition.Length];
        packet.ExecutionCondition.CopyTo(condition);
        await Gateway.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase()
            .KeyDeleteAsync(BalanceKeys.Packet(AccountId.OfApp(app), condition)); // six minutes later
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));

        Assert.Equal(1400UL, (await Gateway.BalanceAsync(app)).Credited);
        Assert.True(Owed(debts) - before >= 1400);
    }

    [Fact]
    public async Task A_packet_of_nothing_is_fulfilled_and_makes_no_account()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();

        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(0)));

        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Fact]
    public async Task What_an_account_cannot_hold_is_refused_with_the_room_left()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector(Gateway.UnboundedToken);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(long.MaxValue - 100)));

        var reply = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(101)));

        Assert.Equal(IlpErrorCode.F08AmountTooLarge, reply.Code);
        Assert.True(AmountTooLarge.TryRead(reply.Data.Span, out var amounts, out _));
        Assert.Equal((101UL, 100UL), (amounts.Received, amounts.Maximum));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(100)));
        Assert.Equal((ulong)long.MaxValue, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(long.MaxValue + 1UL)]
    public async Task A_huge_amount_is_refused_and_changes_nothing(ulong amount)
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector(Gateway.UnboundedToken);

        var reply = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(amount)));

        Assert.Equal(IlpErrorCode.F08AmountTooLarge, reply.Code);
        Assert.Equal(default, await Gateway.BalanceAsync(app));
    }

    [Fact]
    public async Task A_closing_sender_is_told_so_and_the_account_can_still_be_paid()
    {
        var (app, payer) = await PayerAsync();
        using var connector = Gateway.Connector();

        var closed = Assert.IsType<IlpReject>(
            await PacketMaker.SendAsync(connector, payer.Money(5, frames: new ConnectionCloseFrame(StreamErrorCode.NoError, ""))));

        Assert.Equal(IlpErrorCode.F99ApplicationError, closed.Code);
        Assert.Contains(payer.Open(closed).Frames, frame => frame is ConnectionCloseFrame);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(5)));
        Assert.Equal(5UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task Receipts_of_the_payers_own_carry_the_connections_total()
    {
        var app = Gateway.NewApp();
        var nonce = ReceiptNonce.Generate();
        var secret = new ReceiptSecret(Enumerable.Repeat((byte)7, 32).ToArray());
        var target = await Gateway.SetUpAsync(app, ("Receipt-Nonce", nonce.ToString()), ("Receipt-Secret", secret.ToBase64()));
        Assert.True(target.ReceiptsEnabled);
        var payer = new PacketMaker(target);
        using var connector = Gateway.Connector();

        foreach (var (amount, total) in new[] { (100UL, 100UL), (23UL, 123UL) })
        {
            var packet = payer.Money(amount);
            var receipt = payer.Receipt(await PacketMaker.SendAsync(connector, packet));
            Assert.True(StreamReceipt.TryVerify(receipt, secret, out var read, out _));
            Assert.Equal(new StreamReceipt(nonce, 1, total), read);
            // A repeat is answered as the first time.
            Assert.Equal(receipt, payer.Receipt(await PacketMaker.SendAsync(connector, packet)));
        }
        Assert.Equal(123UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_receipt_of_the_payers_own_credits_nobody()
    {
        var app = Gateway.NewApp();
        var secret = new ReceiptSecret(Enumerable.Repeat((byte)7, 32).ToArray());
        var target =
            await Gateway.SetUpAsync(app, ("Receipt-Nonce", ReceiptNonce.Generate().ToString()), ("Receipt-Secret", secret.ToBase64()));
        var payer = new PacketMaker(target);
        using var connector = Gateway.Connector();
        var receipt = payer.Receipt(await PacketMaker.SendAsync(connector, payer.Money(100)));

        Assert.Equal((400, "invalid hmac"), await Gateway.PostAsync($"/balances/{app}:creditReceipt", Convert.ToBase64String(receipt)));

        Assert.Equal(100UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    private static ulong Owed(ConnectorDebts debts) => debts.All.Aggregate(0UL, (sum, debt) => sum + debt.Owed);

    private async Task<(string App, PacketMaker Payer)> PayerAsync()
    {
        var app = Gateway.NewApp();
        return (app, new PacketMaker(await Gateway.SetUpAsync(app)));
    }
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class PacketsOnGarnetTests(PayableOnGarnet fixture) : PacketContract(fixture), IClassFixture<PayableOnGarnet>;

/// <summary>On a real redis-server.</summary>
public sealed class PacketsOnRedisTests(PayableOnRedis fixture) : PacketContract(fixture), IClassFixture<PayableOnRedis>;
