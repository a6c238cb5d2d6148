using System.Security.Cryptography;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>What the sender sends: amounts, packets, rates and receipts, against a fake receiver.</summary>
public sealed class StreamSenderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(1_000_000UL)]
    [InlineData((1UL << 53) + 1)]
    [InlineData(ulong.MaxValue)]
    public async Task An_amount_is_sent_to_the_unit(ulong amount)
    {
        var receiver = new ScriptedReceiver();
        var result = await receiver.SendPaymentAsync(amount);
        Assert.Equal((PaymentEnding.Completed, amount, amount), (result.Ending, result.Sent, result.Delivered));
        Assert.Equal(amount, receiver.Credited);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connectors_packet_limit_is_found_and_kept(bool told)
    {
        var receiver = new ScriptedReceiver { MaxPacket = 1000, TellsMaxPacket = told };
        var result = await receiver.SendPaymentAsync(10_500);
        Assert.Equal((PaymentEnding.Completed, 10_500UL), (result.Ending, receiver.Credited));
        var paid = receiver.Arrivals.Where(arrival => arrival.Fulfillable).ToList();
        Assert.All(paid, arrival => Assert.InRange(arrival.Prepare.Amount, 1UL, 1000UL));
        if (told) Assert.Equal(11, paid.Count);
    }

    [Fact]
    public async Task Money_never_goes_before_the_rate_is_known_nor_without_a_minimum()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 9, RateSent = 10, MaxPacket = 2500 };
        var result = await receiver.SendPaymentAsync(10_000);
        Assert.Equal((PaymentEnding.Completed, 9000UL), (result.Ending, result.Delivered));
        Assert.False(receiver.Arrivals[0].Fulfillable);
        Assert.All(receiver.Arrivals.Where(arrival => arrival.Fulfillable), arrival => Assert.Equal(2228UL, arrival.Stream.PrepareAmount));
    }

    [Theory]
    [InlineData("F99")]
    [InlineData("F05")]
    [InlineData("F04")]
    public async Task Every_way_of_refusing_a_probe_is_understood(string code)
    {
        Assert.True(IlpErrorCode.TryParse(code, out var refusal));
        Assert.Equal(PaymentEnding.Completed, (await new ScriptedReceiver { Refusal = refusal }.SendPaymentAsync(5)).Ending);
    }

    [Fact]
    public async Task The_first_packet_announces_the_empty_address_and_the_asset_is_learned()
    {
        var receiver = new ScriptedReceiver { Frames = _ => [new ConnectionAssetDetailsFrame("XRP", 9)] };
        var result = await receiver.SendPaymentAsync(5);
        Assert.Equal(new ReceiverAsset("XRP", 9), result.Asset);
        Assert.Equal(new ConnectionNewAddressFrame(IlpAddress.Empty), Assert.Single(receiver.Arrivals[0].Stream.Frames));
    }

    [Theory]
    [InlineData(10UL, 9UL, 10UL, PaymentEnding.RateTooLow)]
    [InlineData(10UL, 10UL, 10UL, PaymentEnding.Completed)]
    [InlineData(1000UL, 901UL, 1000UL, PaymentEnding.RateTooLow)]
    public async Task The_callers_minimum_rate_holds(ulong minimumSent, ulong delivered, ulong sent, PaymentEnding expected)
    {
        var receiver = new ScriptedReceiver { RateDelivered = delivered, RateSent = sent };
        var minimum = new ExchangeRate(minimumSent - (minimumSent / 1000), minimumSent);
        var result = await receiver.SendPaymentAsync(10_000, new StreamSenderOptions { MinimumRate = minimum });
        Assert.Equal(expected, result.Ending);
        if (expected == PaymentEnding.RateTooLow) Assert.Equal(0UL, receiver.Credited);
    }

    [Fact]
    public async Task A_rate_that_falls_during_the_payment_ends_it_and_what_was_sent_was_sent_above_the_minimum()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 100 };
        receiver.Instead = arrival =>
        {
            if (receiver.Credited >= 500) (receiver.RateDelivered, receiver.RateSent) = (1, 2);
            return null;
        };
        var result = await receiver.SendPaymentAsync(10_000);
        Assert.Equal(PaymentEnding.RateTooLow, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.True(result.Delivered * 100 >= result.Sent * 99, $"{result.Delivered} of {result.Sent}");
    }

    [Fact]
    public async Task A_remainder_too_small_to_arrive_is_spread_over_the_packets()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 1000, MaxPacket = 1_000_000 };
        var result = await receiver.SendPaymentAsync(1_000_500);
        Assert.Equal((PaymentEnding.Completed, 1_000_500UL, 1000UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task An_amount_of_which_nothing_would_arrive_is_not_sent()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 1000 };
        Assert.Equal(PaymentEnding.RateTooLow, (await receiver.SendPaymentAsync(999)).Ending);
        Assert.DoesNotContain(receiver.Arrivals, arrival => arrival.Fulfillable);
    }

    [Theory]
    [InlineData(1UL, 1UL, 1_000UL)]
    [InlineData(3UL, 7UL, 1_000UL)]
    [InlineData(1UL, 1000UL, 77UL)]
    [InlineData(1000UL, 3UL, 100_000UL)]
    public async Task An_amount_is_delivered_and_hardly_more(ulong delivered, ulong sent, ulong amount)
    {
        var receiver = new ScriptedReceiver { RateDelivered = delivered, RateSent = sent, MaxPacket = 10_000 };
        await using var sender = receiver.Sender();
        var result = await sender.DeliverAsync(amount, ulong.MaxValue, Stop);
        Assert.Equal(PaymentEnding.Completed, result.Ending);
        Assert.Equal(receiver.Credited, result.Delivered);
        Assert.InRange(result.Delivered, amount, amount + (delivered / sent) + 1);
    }

    [Fact]
    public async Task What_is_on_its_way_is_not_sent_again()
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (waiting, receiver) = (0, new ScriptedReceiver { MaxPacket = 10 });
        receiver.Before = arrival =>
        {
            if (!arrival.Fulfillable) return Task.CompletedTask;
            if (++waiting == 5) all.SetResult();
            return all.Task;
        };
        await using var sender = receiver.Sender();
        var result = await sender.DeliverAsync(50, ulong.MaxValue, Stop);
        Assert.Equal((PaymentEnding.Completed, 50UL, 5), (result.Ending, receiver.Credited, waiting));
    }

    [Fact]
    public async Task Delivering_stops_at_the_most_that_may_be_sent()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 2 };
        await using var sender = receiver.Sender();
        var result = await sender.DeliverAsync(1000, maxSourceAmount: 1500, Stop);
        Assert.Equal((PaymentEnding.SourceLimitReached, 1500UL, 750UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task The_receipt_with_the_highest_total_is_kept_whatever_the_order()
    {
        var nonce = ReceiptNonce.Generate();
        var secret = new ReceiptSecret(RandomNumberGenerator.GetBytes(32));
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        // The first answer overtakes the others: the later, the lower.
        receiver.Frames = arrival =>
            arrival.Fulfillable ? [new StreamReceiptFrame(1, new StreamReceipt(nonce, 1, 110 - receiver.Credited).Sign(secret))] : [];
        var result = await receiver.SendPaymentAsync(100);
        Assert.True(StreamReceipt.TryVerify(result.Receipt.Span, secret, out var receipt, out _));
        Assert.Equal(100UL, receipt.TotalReceived);
    }

    [Fact]
    public async Task Two_payments_of_one_sender_number_their_packets_on()
    {
        var receiver = new ScriptedReceiver();
        await using (var sender = receiver.Sender())
        {
            await sender.SendAsync(10, Stop);
            await sender.SendAsync(20, Stop);
        }

        Assert.Equal(30UL, receiver.Credited);
        Assert.Equal(Enumerable.Range(0, receiver.Arrivals.Count).Select(i => (ulong)i),
            receiver.Arrivals.Select(arrival => arrival.Stream.Sequence));
        Assert.IsType<ConnectionCloseFrame>(Assert.Single(receiver.Arrivals[^1].Stream.Frames));
    }

    [Fact]
    public async Task A_quote_tells_rate_packet_size_and_asset_and_moves_nothing()
    {
        var receiver = new ScriptedReceiver
        {
            RateDelivered = 3,
            RateSent = 4,
            MaxPacket = 8000,
            Frames = _ =>
            [new ConnectionAssetDetailsFrame("EUR", 6)]
        };
        await using var sender = receiver.Sender();
        var quote = await sender.ProbeAsync(Stop);
        Assert.Equal((null, 8000UL, new ReceiverAsset("EUR", 6), new ExchangeRate(6000, 8000)),
            (quote.Failure, quote.MaxPacketAmount, quote.Asset, quote.Rate));
        Assert.DoesNotContain(receiver.Arrivals, arrival => arrival.Fulfillable);
    }
}
