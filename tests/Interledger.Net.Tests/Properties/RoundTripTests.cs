using CsCheck;
using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;
using Interledger.Net.Tests.Streaming.Receiving;
using Interledger.Net.Tests.Vectors;

namespace Interledger.Net.Tests.Properties;

/// <summary>What is written is read back the same, for everything that can be written.</summary>
public sealed class RoundTripTests
{
    private static readonly ReceiverUnderTest Under = new();

    [Fact]
    public void VarUInts() => Generators.Number.Sample(value =>
    {
        var bytes = new byte[OerWriter.SizeOfVarUInt(value)];
        var writer = new OerWriter(bytes);
        Assert.True(writer.TryWriteVarUInt(value));
        var reader = new OerReader(bytes);
        Assert.True(reader.TryReadVarUInt(out var read) && reader.TryFinish());
        Assert.Equal(value, read);
    });

    [Fact]
    public void Lengths() => Gen.Int[0, int.MaxValue].Sample(length =>
    {
        var bytes = new byte[OerWriter.SizeOfLength(length)];
        var writer = new OerWriter(bytes);
        Assert.True(writer.TryWriteLength(length));
        var reader = new OerReader(bytes);
        Assert.True(reader.TryReadLength(out var read) && reader.TryFinish());
        Assert.Equal(length, read);
    });

    [Fact]
    public void Prepares() => Generators.Prepare.Sample(packet =>
    {
        Assert.True(IlpPrepare.TryRead(packet.ToArray(), out var read, out _));
        Assert.Equal(packet.Amount, read.Amount);
        Assert.Equal(packet.ExpiresAt, read.ExpiresAt);
        Assert.Equal(packet.ExecutionCondition, read.ExecutionCondition);
        Assert.Equal(packet.Destination, read.Destination);
        Assert.Equal(packet.Data, read.Data);
        Assert.Equal(packet.EncodedLength, packet.ToArray().Length);
    });

    [Fact]
    public void Fulfills() => Generators.Fulfill.Sample(packet =>
    {
        Assert.True(IlpFulfill.TryRead(packet.ToArray(), out var read, out _));
        Assert.Equal(packet.Fulfillment, read.Fulfillment);
        Assert.Equal(packet.Data, read.Data);
        Assert.Equal(packet.EncodedLength, packet.ToArray().Length);
    });

    [Fact]
    public void Rejects() => Generators.Reject.Sample(packet =>
    {
        Assert.True(IlpReject.TryRead(packet.ToArray(), out var read, out _));
        Assert.Equal(packet.Code, read.Code);
        Assert.Equal(packet.TriggeredBy, read.TriggeredBy);
        Assert.Equal(packet.Message, read.Message);
        Assert.Equal(packet.Data, read.Data);
        Assert.Equal(packet.EncodedLength, packet.ToArray().Length);
    });

    [Fact]
    public void Frames() => Generators.Frame.Sample(frame =>
    {
        var bytes = new byte[frame.EncodedLength];
        var writer = new OerWriter(bytes);
        Assert.True(frame.TryWrite(ref writer));
        Assert.Equal(bytes.Length, writer.Written);
        var reader = new OerReader(bytes);
        Assert.True(reader.TryReadUInt8(out var type) & reader.TryReadVarOctetString(out var contents) & reader.TryFinish());
        Assert.True(StreamFrame.TryReadContents((StreamFrameType)type, contents, out var read, out _));
        Assert.Equal(frame, read);
    });

    [Fact]
    public void STREAM_packets_through_their_envelopes() =>
        Gen.Select(Generators.StreamPacket, Gen.Byte.Array[32]).Sample((packet, secret) =>
    {
        using var keys = new StreamKeys(new StreamSecret(secret));
        var envelope = packet.Seal(keys);
        Assert.Equal(packet.EncodedLength + StreamEnvelope.Overhead, envelope.Length);
        Assert.True(StreamPacket.TryOpen(envelope, keys, out var read, out _));
        FrameVectors.AssertSame(packet, read);
        Assert.False(packet.Seal(keys).AsSpan().SequenceEqual(envelope));
    });

    [Fact]
    public void An_envelope_does_not_open_after_any_change() =>
        Gen.Select(Generators.StreamPacket, Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((packet, where, bit) =>
        {
            using var keys = new StreamKeys(new StreamSecret(new byte[32]));
            var envelope = packet.Seal(keys);
            envelope[where % envelope.Length] ^= (byte)(1 << bit);
            Assert.False(StreamPacket.TryOpen(envelope, keys, out _, out var error));
            Assert.Equal(WireError.NotAuthentic, error);
        });

    [Fact]
    public void Receipts() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[32], Gen.Byte, Generators.Number).Sample((nonce, key, stream, total) =>
    {
        var (receipt, secret) = (new StreamReceipt(new ReceiptNonce(nonce), stream, total), new ReceiptSecret(key));
        Assert.True(StreamReceipt.TryVerify(receipt.Sign(secret), secret, out var read, out _));
        Assert.Equal(receipt, read);
    });

    [Fact]
    public void The_worth_of_receipts_in_any_order_is_the_highest_total() => Generators.Number.Array[0, 20].Sample(totals =>
    {
        UInt128 worth = 0;
        var counted = 0UL;
        foreach (var total in totals)
        {
            var increase = new StreamReceipt(default, 1, total).IncreaseOver(counted);
            worth += increase;
            counted += increase;
        }

        Assert.Equal(totals.DefaultIfEmpty().Max(), worth);
    });

    [Fact]
    public void Claims_through_addresses() => Generators.Claims.Sample(claims =>
    {
        var credentials = Under.Receiver.Create(claims);
        Assert.True(Under.Receiver.TryReadClaims(credentials.DestinationAccount, out var read, out _));
        Assert.Equal(claims, read);
    });

    [Fact]
    public void Money_of_any_amount_and_sequence_arrives_as_it_was_sent() =>
        Gen.Select(Generators.Claims, Generators.Number, Generators.Number, Generators.Number, Generators.Frame.Array[0, 5]).Sample(
            (claims, amount, minimum, sequence, frames) =>
            {
                var credentials = Under.Receiver.Create(claims);
                var prepare = ReceiverUnderTest.Prepare(credentials, amount, minimum, frames, sequence);
                var decision = Under.Receive(prepare);
                var expected = frames.Any(frame => frame is ConnectionCloseFrame) ? StreamOutcome.Closed
                    : amount < minimum ? StreamOutcome.BelowMinimum
                    : amount == 0 ? StreamOutcome.FulfilledNothing
                    : StreamOutcome.Money;
                Assert.Equal(expected, decision.Outcome);
                var reply = decision.Reply ?? decision.Money.Fulfill();
                var packet = IlpPacket.PeekType(reply) == IlpPacketType.Fulfill
                    ? ReceiverUnderTest.OpenFulfill(prepare, credentials, reply)
                    : ReceiverUnderTest.OpenReject("F99", credentials, reply);
                Assert.Equal((sequence, amount), (packet.Sequence, packet.PrepareAmount));
                Assert.Equal(frames.Any(frame => frame is ConnectionNewAddressFrame),
                    packet.Frames.Any(frame => frame is ConnectionAssetDetailsFrame));
            });
}
