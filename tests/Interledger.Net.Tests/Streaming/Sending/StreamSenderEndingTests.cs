using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.Time.Testing;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>How payments end: the sender against a fake receiver that does what no real one would.</summary>
public sealed class StreamSenderEndingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        var result = await receiver.SendPaymentAsync(100);
        Assert.Equal((PaymentEnding.Completed, 100UL), (result.Ending, receiver.Credited));
    }

    [Fact]
    public async Task A_path_short_of_liquidity_gets_smaller_packets()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Prepare.Amount > 70 ? new IlpReject { Code = IlpErrorCode.T04InsufficientLiquidity } : null;
        var result = await receiver.SendPaymentAsync(1000);
        Assert.Equal((PaymentEnding.Completed, 1000UL), (result.Ending, receiver.Credited));
    }

    [Fact]
    public async Task Trouble_without_end_is_given_up_after_the_idle_timeout()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var receiver = new ScriptedReceiver
        {
            Instead = arrival =>
            arrival.Fulfillable ? new IlpReject { Code = IlpErrorCode.T01PeerUnreachable } : null
        };
        await using var sender = receiver.Sender(new StreamSenderOptions { Time = time, IdleTimeout = TimeSpan.FromSeconds(20) });
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
        var receiver = new ScriptedReceiver
        {
            Instead = arrival =>
            arrival.Index < 4 ? null : new IlpReject { Code = final },
            MaxPacket = 1
        };
        var result = await receiver.SendPaymentAsync(100);
        Assert.Equal((PaymentEnding.RejectedOnPath, final), (result.Ending, result.LastCode));
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
    }

    [Fact]
    public async Task The_closing_packet_lives_as_long_as_the_others_and_its_reply_is_awaited_for_three_seconds()
    {
        var time = new FakeTimeProvider();
        var receiver = new ScriptedReceiver();
        var sender = receiver.Sender(new StreamSenderOptions { Time = time });
        await sender.SendAsync(5, Stop);
        var never = new TaskCompletionSource();
        receiver.Before = _ => never.Task;

        var closing = sender.DisposeAsync().AsTask();

        var packet = receiver.Arrivals[^1];
        Assert.IsType<ConnectionCloseFrame>(Assert.Single(packet.Stream.Frames));
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(30), packet.Prepare.ExpiresAt);
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(closing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await closing;
    }

    [Fact]
    public async Task A_receiver_that_closes_ends_the_payment()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        receiver.Frames = arrival => arrival.Index > 5 ? [new StreamCloseFrame(1, StreamErrorCode.NoError, "enough")] : [];
        var result = await receiver.SendPaymentAsync(1000);
        Assert.Equal(PaymentEnding.ClosedByReceiver, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.NotEqual(0UL, result.Sent);
    }

    [Fact]
    public async Task A_receiver_that_keeps_refusing_ends_the_payment()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Fulfillable ? receiver.Refuse(arrival, IlpErrorCode.F99ApplicationError) : null;
        var result = await receiver.SendPaymentAsync(1000);
        Assert.Equal((PaymentEnding.RefusedByReceiver, 0UL), (result.Ending, result.Sent));
    }

    [Fact]
    public async Task A_receivers_limit_is_filled_and_not_passed()
    {
        var receiver = new ScriptedReceiver();
        var most = 250UL;
        receiver.Frames = _ => [new StreamMaxMoneyFrame(1, most, receiver.Credited)];
        await using var sender = receiver.Sender();
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
        var result = await receiver.SendPaymentAsync(1000, new StreamSenderOptions { MaxPacketsInFlight = 1 });
        Assert.Equal((PaymentEnding.BrokenByReceiver, 10UL, 10UL), (result.Ending, result.Sent, result.Delivered));
    }

    [Fact]
    public async Task A_wrong_fulfillment_counts_for_nothing()
    {
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival => arrival.Fulfillable ? new IlpFulfill { Fulfillment = new IlpFulfillment(new byte[32]) } : null;
        var result = await receiver.SendPaymentAsync(1000);
        Assert.Equal((PaymentEnding.RejectedOnPath, IlpErrorCode.F05WrongCondition, 0UL), (result.Ending, result.LastCode, result.Sent));
    }

    [Fact]
    public async Task A_connector_that_lowers_its_limit_by_one_unit_for_ever_is_given_up()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var figures = new byte[AmountTooLarge.Length];
        new AmountTooLarge(1_000_001, 1_000_000).TryWrite(figures, out _);
        var receiver = new ScriptedReceiver();
        receiver.Instead = arrival =>
            arrival.Prepare.Amount == 0 ? null : new IlpReject { Code = IlpErrorCode.F08AmountTooLarge, Data = figures };
        Assert.Equal(PaymentEnding.TimedOut, (await receiver.SendPaymentAsync(1000, new StreamSenderOptions { Time = time })).Ending);
    }

    [Fact]
    public async Task A_key_carries_no_more_than_its_packets()
    {
        var receiver = new ScriptedReceiver { MaxPacket = 10 };
        var result = await receiver.SendPaymentAsync(1000, new StreamSenderOptions { FirstSequence = (1UL << 31) - 10 });
        Assert.Equal((PaymentEnding.KeyUsedUp, 10), (result.Ending, receiver.Arrivals.Count));
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
    }

    [Fact]
    public async Task A_way_into_the_network_that_throws_is_heard_of()
    {
        var receiver = new ScriptedReceiver
        {
            Before = arrival =>
            arrival.Fulfillable ? Task.FromException(new InvalidOperationException("broken")) : Task.CompletedTask
        };
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.SendPaymentAsync(1000))).Message);
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
        await using var sender = receiver.Sender(new StreamSenderOptions { MaxPacketsInFlight = 3 });
        var payment = sender.SendAsync(1000, stop.Token);
        Assert.False(payment.IsCompleted);
        release.SetResult();
        var result = await payment;
        Assert.Equal(PaymentEnding.Stopped, result.Ending);
        Assert.Equal((receiver.Debited, receiver.Credited), (result.Sent, result.Delivered));
        Assert.NotEqual(0UL, result.Sent);
    }
}
