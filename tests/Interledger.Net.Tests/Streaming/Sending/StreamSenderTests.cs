using System.Security.Cryptography;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.Time.Testing;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>The sender against a fake receiver that does what no real one can be asked to do.</summary>
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
        var result = await SendAsync(receiver, amount);
        Assert.Equal((PaymentEnding.Completed, amount, amount), (result.Ending, result.Sent, result.Delivered));
        Assert.Equal(amount, receiver.Credited);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connectors_packet_limit_is_found_and_kept(bool told)
    {
        var receiver = new ScriptedReceiver { MaxPacket = 1000, TellsMaxPacket = told };
        var result = await SendAsync(receiver, 10_500);
        Assert.Equal((PaymentEnding.Completed, 10_500UL), (result.Ending, receiver.Credited));
        var paid = receiver.Arrivals.Where(arrival => arrival.Fulfillable).ToList();
        Assert.All(paid, arrival => Assert.InRange(arrival.Prepare.Amount, 1UL, 1000UL));
        if (told) Assert.Equal(11, paid.Count);
    }

    [Fact]
    public async Task Money_never_goes_before_the_rate_is_known_nor_without_a_minimum()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 9, RateSent = 10, MaxPacket = 2500 };
        var result = await SendAsync(receiver, 10_000);
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
        Assert.Equal(PaymentEnding.Completed, (await SendAsync(new ScriptedReceiver { Refusal = refusal }, 5)).Ending);
    }

    [Fact]
    public async Task The_first_packet_announces_the_empty_address_and_the_asset_is_learned()
    {
        var receiver = new ScriptedReceiver { Frames = _ => [new ConnectionAssetDetailsFrame("XRP", 9)] };
        var result = await SendAsync(receiver, 5);
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
        var result = await SendAsync(receiver, 10_000, new StreamSenderOptions { MinimumRate = minimum });
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
        var result = await SendAsync(receiver, 10_000);
        Assert.Equal(PaymentEnding.RateTooLow, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.True(result.Delivered * 100 >= result.Sent * 99, $"{result.Delivered} of {result.Sent}");
    }

    [Fact]
    public async Task A_remainder_too_small_to_arrive_is_spread_over_the_packets()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 1000, MaxPacket = 1_000_000 };
        var result = await SendAsync(receiver, 1_000_500);
        Assert.Equal((PaymentEnding.Completed, 1_000_500UL, 1000UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task An_amount_of_which_nothing_would_arrive_is_not_sent()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 1000 };
        Assert.Equal(PaymentEnding.RateTooLow, (await SendAsync(receiver, 999)).Ending);
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
        await using var sender = Sender(receiver);
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
        await using var sender = Sender(receiver);
        var result = await sender.DeliverAsync(50, ulong.MaxValue, Stop);
        Assert.Equal((PaymentEnding.Completed, 50UL, 5), (result.Ending, receiver.Credited, waiting));
    }

    [Fact]
    public async Task Delivering_stops_at_the_most_that_may_be_sent()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 1, RateSent = 2 };
        await using var sender = Sender(receiver);
        var result = await sender.DeliverAsync(1000, maxSourceAmount: 1500, Stop);
        Assert.Equal((PaymentEnding.SourceLimitReached, 1500UL, 750UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task Temporary_errors_slow_the_payment_down_and_do_not_end_it()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        receiver.Instead = arrival => (arrival.Index % 5) switch
        {
            1 => new IlpReject { Code = IlpErrorCode.T05RateLimited },
            3 => new IlpReject { Code = IlpErrorCode.T00InternalError },
            _ => null,
        };
        var result = await SendAsync(receiver, 100);
        Assert.Equal((PaymentEnding.Completed, 100UL), (result.Ending, receiver.Credited));
    }

    [Fact]
    public async Task A_path_short_of_liquidity_gets_smaller_packets()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Prepare.Amount > 70 ? new IlpReject { Code = IlpErrorCode.T04InsufficientLiquidity } : null;
        var result = await SendAsync(receiver, 1000);
        Assert.Equal((PaymentEnding.Completed, 1000UL), (result.Ending, receiver.Credited));
    }

    [Fact]
    public async Task Trouble_without_end_is_given_up_after_the_idle_timeout()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var receiver = new ScriptedReceiver { Instead = arrival => arrival.Fulfillable ? new IlpReject { Code = IlpErrorCode.T01PeerUnreachable } : null };
        await using var sender = Sender(receiver, new StreamSenderOptions { Time = time, IdleTimeout = TimeSpan.FromSeconds(20) });
        var payment = sender.SendAsync(1000, Stop);
        while (!payment.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var result = await payment;
        Assert.Equal((PaymentEnding.TimedOut, IlpErrorCode.T01PeerUnreachable, 0UL), (result.Ending, result.LastCode, result.Sent));
    }

    [Theory]
    [InlineData("F02")]
    [InlineData("F00")]
    [InlineData("F06")]
    public async Task A_final_error_ends_the_payment_at_once(string code)
    {
        Assert.True(IlpErrorCode.TryParse(code, out var final));
        var receiver = new ScriptedReceiver { Instead = arrival => arrival.Index < 4 ? null : new IlpReject { Code = final }, MaxPacket = 1 };
        var result = await SendAsync(receiver, 100);
        Assert.Equal((PaymentEnding.RejectedOnPath, final), (result.Ending, result.LastCode));
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
    }

    [Fact]
    public async Task A_receiver_that_closes_ends_the_payment()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        receiver.Frames = arrival => arrival.Index > 5 ? [new StreamCloseFrame(1, StreamErrorCode.NoError, "enough")] : [];
        var result = await SendAsync(receiver, 1000);
        Assert.Equal(PaymentEnding.ClosedByReceiver, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.NotEqual(0UL, result.Sent);
    }

    [Fact]
    public async Task A_receiver_that_keeps_refusing_ends_the_payment()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Fulfillable ? receiver.Refuse(arrival, IlpErrorCode.F99ApplicationError) : null;
        var result = await SendAsync(receiver, 1000);
        Assert.Equal((PaymentEnding.RefusedByReceiver, 0UL), (result.Ending, result.Sent));
    }

    [Fact]
    public async Task A_receivers_limit_is_filled_and_not_passed()
    {
        var receiver = new ScriptedReceiver();
        var most = 250UL;
        receiver.Frames = _ => [new StreamMaxMoneyFrame(1, most, receiver.Credited)];
        await using var sender = Sender(receiver);
        var result = await sender.SendAsync(1000, Stop);
        Assert.Equal((PaymentEnding.ReceiverLimitReached, 250UL), (result.Ending, receiver.Credited));

        most = 300;
        Assert.Equal(50UL, (await sender.SendAsync(1000, Stop)).Sent);
    }

    [Fact]
    public async Task A_fulfillment_without_proof_of_what_arrived_ends_the_payment_and_the_money_is_counted_as_gone()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        using var keys = new StreamKeys(receiver.Secret);
        receiver.Instead = arrival => arrival.Fulfillable ? new IlpFulfill { Fulfillment = keys.Fulfill(arrival.Prepare.Data.Span) } : null;
        var result = await SendAsync(receiver, 1000, new StreamSenderOptions { MaxPacketsInFlight = 1 });
        Assert.Equal((PaymentEnding.BrokenByReceiver, 10UL, 10UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task A_wrong_fulfillment_counts_for_nothing()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Fulfillable ? new IlpFulfill { Fulfillment = new IlpFulfillment(new byte[32]) } : null;
        var result = await SendAsync(receiver, 1000);
        Assert.Equal((PaymentEnding.RejectedOnPath, IlpErrorCode.F05WrongCondition, 0UL), (result.Ending, result.LastCode, result.Sent));
    }

    [Fact]
    public async Task A_connector_that_lowers_its_limit_by_one_unit_for_ever_is_given_up()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var figures = new byte[AmountTooLarge.Length];
        new AmountTooLarge(1_000_001, 1_000_000).TryWrite(figures, out _);
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Prepare.Amount == 0 ? null : new IlpReject { Code = IlpErrorCode.F08AmountTooLarge, Data = figures };
        Assert.Equal(PaymentEnding.TimedOut, (await SendAsync(receiver, 1000, new StreamSenderOptions { Time = time })).Ending);
    }

    [Fact]
    public async Task A_key_carries_no_more_than_its_packets()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        var result = await SendAsync(receiver, 1000, new StreamSenderOptions { FirstSequence = (1UL << 31) - 10 });
        Assert.Equal((PaymentEnding.KeyUsedUp, 10), (result.Ending, receiver.Arrivals.Count));
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
    }

    [Fact]
    public async Task A_way_into_the_network_that_throws_is_heard_of()
    {
        var receiver = new ScriptedReceiver { Before = arrival => arrival.Fulfillable ? Task.FromException(new InvalidOperationException("broken")) : Task.CompletedTask };
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(receiver, 1000))).Message);
    }

    [Fact]
    public async Task A_payment_told_to_stop_waits_for_what_is_on_its_way_and_counts_it()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var release = new TaskCompletionSource();
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        receiver.Before = async arrival =>
        {
            if (!arrival.Fulfillable) return;
            await stop.CancelAsync();
            await release.Task;
        };
        await using var sender = Sender(receiver, new StreamSenderOptions { MaxPacketsInFlight = 3 });
        var payment = sender.SendAsync(1000, stop.Token);
        Assert.False(payment.IsCompleted);
        release.SetResult();
        var result = await payment;
        Assert.Equal(PaymentEnding.Stopped, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.NotEqual(0UL, result.Sent);
    }

    [Fact]
    public async Task Money_is_streamed_at_its_rate_until_told_to_stop()
    {
        var time = new FakeTimeProvider();
        var receiver = new ScriptedReceiver();
        var progress = new Totals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var sender = Sender(receiver, new StreamSenderOptions { Time = time, Progress = progress });
        var payment = sender.StreamAsync(unitsPerSecond: 250, ulong.MaxValue, stop.Token);

        for (ulong second = 1; second <= 4; second++)
        {
            await progress.ReachesAsync(250 * second);
            Assert.Equal(250 * second, receiver.Credited);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await progress.ReachesAsync(1250);
        await stop.CancelAsync();
        var result = await payment;
        Assert.Equal((PaymentEnding.Stopped, 1250UL), (result.Ending, result.Sent));
    }

    [Fact]
    public async Task The_receipt_with_the_highest_total_is_kept_whatever_the_order()
    {
        var nonce = ReceiptNonce.Generate();
        var secret = new ReceiptSecret(RandomNumberGenerator.GetBytes(32));
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        // The first answer overtakes the others: the later, the lower.
        receiver.Frames = arrival => arrival.Fulfillable ? [new StreamReceiptFrame(1, new StreamReceipt(nonce, 1, 110 - receiver.Credited).Sign(secret))] : [];
        var result = await SendAsync(receiver, 100);
        Assert.True(StreamReceipt.TryVerify(result.Receipt.Span, secret, out var receipt, out _));
        Assert.Equal(100UL, receipt.TotalReceived);
    }

    [Fact]
    public async Task Two_payments_of_one_sender_number_their_packets_on()
    {
        var receiver = new ScriptedReceiver();
        await using (var sender = Sender(receiver))
        {
            await sender.SendAsync(10, Stop);
            await sender.SendAsync(20, Stop);
        }

        Assert.Equal(30UL, receiver.Credited);
        Assert.Equal(Enumerable.Range(0, receiver.Arrivals.Count).Select(i => (ulong)i), receiver.Arrivals.Select(arrival => arrival.Stream.Sequence));
        Assert.IsType<ConnectionCloseFrame>(Assert.Single(receiver.Arrivals[^1].Stream.Frames));
    }

    [Fact]
    public async Task A_quote_tells_rate_packet_size_and_asset_and_moves_nothing()
    {
        var receiver = new ScriptedReceiver { RateDelivered = 3, RateSent = 4, MaxPacket = 8000, Frames = _ => [new ConnectionAssetDetailsFrame("EUR", 6)] };
        await using var sender = Sender(receiver);
        var quote = await sender.ProbeAsync(Stop);
        Assert.Equal((null, 8000UL, new ReceiverAsset("EUR", 6), new ExchangeRate(6000, 8000)), (quote.Failure, quote.MaxPacketAmount, quote.Asset, quote.Rate));
        Assert.DoesNotContain(receiver.Arrivals, arrival => arrival.Fulfillable);
    }

    private static StreamSender Sender(ScriptedReceiver receiver, StreamSenderOptions? options = null) =>
        new(receiver, ScriptedReceiver.Address, receiver.Secret, options);

    private static async Task<PaymentResult> SendAsync(ScriptedReceiver receiver, ulong amount, StreamSenderOptions? options = null)
    {
        await using var sender = Sender(receiver, options);
        return await sender.SendAsync(amount, Stop);
    }

    /// <summary>Lets a test wait until so much is sent.</summary>
    private sealed class Totals : IProgress<PaymentProgress>
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ulong _sent;

        public void Report(PaymentProgress value)
        {
            lock (_lock)
            {
                _sent = value.Sent;
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public async Task ReachesAsync(ulong sent)
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_sent >= sent) return;
                    changed = _changed.Task;
                }

                await changed.WaitAsync(Stop);
            }
        }
    }
}
