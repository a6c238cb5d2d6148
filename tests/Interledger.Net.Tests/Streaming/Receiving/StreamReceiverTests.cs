using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;

namespace Interledger.Net.Tests.Streaming.Receiving;

public sealed class StreamReceiverTests
{
    private readonly ReceiverUnderTest _under = new();

    [Theory]
    [InlineData(1UL)]
    [InlineData(1_000_000UL)]
    [InlineData((1UL << 53) + 1)]
    [InlineData(ulong.MaxValue)]
    public void Money_is_offered_and_then_fulfilled_with_the_amount_that_arrived(ulong amount)
    {
        var credentials = _under.Receiver.Create(
            ReceiverUnderTest.Claims("shop", payment: Guid.Parse("0d5a6a0c-6a43-4f9a-a3f6-0b3e0b4d8f11")));
        var prepare = ReceiverUnderTest.Prepare(credentials, amount, minimum: amount, [new StreamMoneyFrame(1, 1)]);

        var decision = _under.Receive(prepare);

        Assert.False(decision.IsFinished);
        Assert.Equal(StreamOutcome.Money, decision.Outcome);
        Assert.Equal(amount, decision.Money.Amount);
        Assert.Equal("shop", decision.Money.Claims.AccountId);
        Assert.Equal(Guid.Parse("0d5a6a0c-6a43-4f9a-a3f6-0b3e0b4d8f11"), decision.Money.Claims.IncomingPayment);
        Assert.Equal(prepare.ExecutionCondition, decision.Money.Condition);
        Assert.Equal(prepare.ExpiresAt, decision.Money.ExpiresAt);
        var reply = ReceiverUnderTest.OpenFulfill(prepare, credentials, decision.Money.Fulfill());
        Assert.Equal(7UL, reply.Sequence);
        Assert.Equal(amount, reply.PrepareAmount);
        Assert.Empty(reply.Frames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("test.sender.1")]
    public void The_asset_is_told_to_whoever_announces_an_address_even_an_empty_one_and_even_on_rejects(string announced)
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var address = announced.Length == 0 ? IlpAddress.Empty : IlpAddress.Parse(announced);
        StreamFrame[] frames = [new ConnectionNewAddressFrame(address)];

        var probe = _under.Receive(ReceiverUnderTest.Prepare(credentials, 1000, frames: frames, fulfillable: false));
        var money = ReceiverUnderTest.Prepare(credentials, 1000, frames: frames);

        Assert.Equal(StreamOutcome.Probe, probe.Outcome);
        StreamFrame told = new ConnectionAssetDetailsFrame("XRP", 9);
        Assert.Equal([told], ReceiverUnderTest.OpenReject("F99", credentials, probe.Reply).Frames);
        Assert.Equal([told], ReceiverUnderTest.OpenFulfill(money, credentials, _under.Receive(money).Money.Fulfill()).Frames);
        Assert.Equal([told], ReceiverUnderTest.OpenReject(
            "T00", credentials, _under.Receive(money).Money.Reject(IlpErrorCode.T00InternalError)).Frames);
    }

    [Theory]
    [InlineData("hello", 1)]
    [InlineData("hello", 120)]
    [InlineData("an.account.in.bytes.of.63.characters.xxxxxxxxxxxxxxxxxxxxxxxxxx", 120)]
    public void The_terms_of_an_incoming_payment_come_back_with_its_money(string account, int length)
    {
        var terms = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
        var claims = ReceiverUnderTest.Claims(account, payment: Guid.NewGuid()) with { IncomingPaymentTerms = terms };

        var credentials = _under.Receiver.Create(claims);
        var read = _under.Receive(ReceiverUnderTest.Prepare(credentials, 5)).Money.Claims;

        Assert.Equal((claims.AccountId, claims.IncomingPayment), (read.AccountId, read.IncomingPayment));
        Assert.Equal(terms, read.IncomingPaymentTerms.ToArray());
        Assert.InRange(credentials.DestinationAccount.Length, 1, "test.host".Length + 321);
    }

    [Fact]
    public void Terms_that_no_address_has_room_for_are_refused()
    {
        var claims = ReceiverUnderTest.Claims(payment: Guid.NewGuid());
        Assert.Throws<ArgumentException>(() => claims with { IncomingPaymentTerms = new byte[121] });
        var receipts = new ReceiptSetup(new ReceiptNonce(new byte[16]), new ReceiptSecret(new byte[32]));
        Assert.Throws<ArgumentException>(
            () => _under.Receiver.Create(claims with { IncomingPaymentTerms = new byte[1], Receipts = receipts }));
    }

    [Fact]
    public void A_probe_is_rejected_with_F99_and_learns_what_arrived()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 1234, fulfillable: false));

        Assert.True(decision.IsFinished);
        var reply = ReceiverUnderTest.OpenReject("F99", credentials, decision.Reply);
        Assert.Equal(1234UL, reply.PrepareAmount);
        Assert.Empty(reply.Frames);
    }

    [Fact]
    public void Less_than_the_sender_asks_for_is_rejected_with_F99()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 99, minimum: 100));

        Assert.Equal(StreamOutcome.BelowMinimum, decision.Outcome);
        Assert.Equal(99UL, ReceiverUnderTest.OpenReject("F99", credentials, decision.Reply).PrepareAmount);
    }

    [Fact]
    public void A_fulfillable_packet_of_nothing_is_fulfilled_at_once()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var prepare = ReceiverUnderTest.Prepare(credentials, 0);

        var decision = _under.Receive(prepare);

        Assert.Equal(StreamOutcome.FulfilledNothing, decision.Outcome);
        ReceiverUnderTest.OpenFulfill(prepare, credentials, decision.Reply);
    }

    [Fact]
    public void A_close_is_answered_with_F99_and_a_close_and_brings_no_money()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(
            ReceiverUnderTest.Prepare(credentials, 5, frames: [new ConnectionCloseFrame(StreamErrorCode.NoError, "bye")]));

        Assert.Equal(StreamOutcome.Closed, decision.Outcome);
        StreamFrame answer = new ConnectionCloseFrame(StreamErrorCode.NoError, "");
        Assert.Equal([answer], ReceiverUnderTest.OpenReject("F99", credentials, decision.Reply).Frames);
    }

    [Fact]
    public void After_a_close_the_same_credentials_and_sequence_pay_again()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        _under.Receive(
            ReceiverUnderTest.Prepare(credentials, 0, frames: [new ConnectionCloseFrame(StreamErrorCode.NoError, "")], sequence: 0));

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, sequence: 0));

        Assert.Equal(StreamOutcome.Money, decision.Outcome);
    }

    [Theory]
    [InlineData("test.other.abc")]
    [InlineData("test.host")]
    [InlineData("test.hostile")]
    [InlineData("test.hos.t")]
    public void Other_peoples_addresses_are_unreachable(string destination)
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, destination: destination));

        Assert.Equal(StreamOutcome.NotMine, decision.Outcome);
        Assert.True(ReceiverUnderTest.ReadReject("F02", decision.Reply).Data.IsEmpty);
    }

    [Fact]
    public void Segments_behind_the_token_are_the_endpoints_own()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var prepare = ReceiverUnderTest.Prepare(credentials, 10, destination: credentials.DestinationAccount + ".and.more");

        Assert.Equal(StreamOutcome.Money, _under.Receive(prepare).Outcome);
    }

    [Theory]
    [InlineData(-1000, StreamOutcome.TooLate, "R02")]
    [InlineData(0, StreamOutcome.TooLate, "R02")]
    [InlineData(999, StreamOutcome.TooLate, "R02")]
    [InlineData(1000, StreamOutcome.Money, null)]
    [InlineData(300_000, StreamOutcome.Money, null)]
    [InlineData(300_001, StreamOutcome.Money, null)]
    public void Only_packets_that_end_in_one_second_or_more_are_taken(int milliseconds, StreamOutcome outcome, string? code)
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, window: TimeSpan.FromMilliseconds(milliseconds)));

        Assert.Equal(outcome, decision.Outcome);
        if (code is not null)
            ReceiverUnderTest.ReadReject(code, decision.Reply);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    [InlineData(36_000_000, 300)]
    public void One_that_expires_further_ahead_than_five_minutes_is_taken_as_expiring_then(int seconds, int taken)
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, window: TimeSpan.FromSeconds(seconds)));

        Assert.Equal(ReceiverUnderTest.Start.AddSeconds(taken), decision.Money.ExpiresAt);
    }

    [Fact]
    public void A_packet_of_another_connection_or_without_STREAM_data_is_unexpected()
    {
        var mine = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var other = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var swapped = ReceiverUnderTest.Prepare(other, 10, destination: mine.DestinationAccount.ToString());
        var empty = new IlpPrepare
        {
            Amount = 10,
            ExpiresAt = ReceiverUnderTest.Start.AddSeconds(30),
            ExecutionCondition = default,
            Destination = mine.DestinationAccount,
        };

        foreach (var prepare in (IlpPrepare[])[swapped, empty])
        {
            var decision = _under.Receive(prepare);
            Assert.Equal(StreamOutcome.NotAuthentic, decision.Outcome);
            Assert.True(ReceiverUnderTest.ReadReject("F06", decision.Reply).Data.IsEmpty);
        }
    }

    [Theory]
    [InlineData(IlpPacketType.Fulfill)]
    [InlineData(IlpPacketType.Reject)]
    public void A_STREAM_packet_for_another_ILP_packet_is_a_bad_request_without_data(IlpPacketType type)
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());

        var decision = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10, type: type));

        Assert.Equal(StreamOutcome.NotUnderstood, decision.Outcome);
        Assert.True(ReceiverUnderTest.ReadReject("F00", decision.Reply).Data.IsEmpty);
    }

    [Fact]
    public void A_receipt_is_signed_with_the_addresss_secret_over_the_total()
    {
        var secret = new ReceiptSecret(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        var nonce = ReceiptNonce.Generate();
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims(receipts: new ReceiptSetup(nonce, secret)));
        var prepare = ReceiverUnderTest.Prepare(credentials, 10, frames: [new StreamMoneyFrame(1, 1)]);

        var fulfill = ReceiverUnderTest.OpenFulfill(
            prepare, credentials, _under.Receive(prepare).Money.Fulfill(receiptTotal: ulong.MaxValue));

        var frame = Assert.IsType<StreamReceiptFrame>(Assert.Single(fulfill.Frames));
        Assert.True(StreamReceipt.TryVerify(frame.Receipt.Span, secret, out var receipt, out _));
        Assert.Equal(new StreamReceipt(nonce, 1, ulong.MaxValue), receipt);
        Assert.Equal(1UL, frame.StreamId);
    }

    [Fact]
    public void Without_receipts_in_the_address_or_without_a_total_there_is_no_receipt()
    {
        var plain = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var prepare = ReceiverUnderTest.Prepare(plain, 10);
        Assert.Empty(ReceiverUnderTest.OpenFulfill(prepare, plain, _under.Receive(prepare).Money.Fulfill(receiptTotal: 10)).Frames);

        var setUp = new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(new byte[32]));
        var with = _under.Receiver.Create(ReceiverUnderTest.Claims(receipts: setUp));
        prepare = ReceiverUnderTest.Prepare(with, 10);
        Assert.Empty(ReceiverUnderTest.OpenFulfill(prepare, with, _under.Receive(prepare).Money.Fulfill()).Frames);
    }

    [Fact]
    public void Money_can_be_refused_in_every_way_the_ledger_needs()
    {
        var credentials = _under.Receiver.Create(ReceiverUnderTest.Claims());
        var money = _under.Receive(ReceiverUnderTest.Prepare(credentials, 10)).Money;

        Assert.Equal(10UL, ReceiverUnderTest.OpenReject(
            "T04", credentials, money.Reject(IlpErrorCode.T04InsufficientLiquidity, "too much unsettled")).PrepareAmount);
        Assert.True(
            AmountTooLarge.TryRead(ReceiverUnderTest.ReadReject("F08", money.RejectAmountTooLarge(3)).Data.Span, out var amounts, out _));
        Assert.Equal(new AmountTooLarge(10, 3), amounts);
        StreamFrame close = new ConnectionCloseFrame(StreamErrorCode.NoError, "all is paid");
        Assert.Equal([close], ReceiverUnderTest.OpenReject("F99", credentials, money.Close(StreamErrorCode.NoError, "all is paid")).Frames);
    }

    [Fact]
    public void Bytes_that_are_no_Prepare_are_not_answered()
    {
        Assert.False(_under.Receiver.TryReceive([13, 0], out _, out var error));
        Assert.Equal(WireError.UnexpectedPacketType, error);
        Assert.False(_under.Receiver.TryReceive([], out _, out error));
        Assert.Equal(WireError.Truncated, error);
    }
}
