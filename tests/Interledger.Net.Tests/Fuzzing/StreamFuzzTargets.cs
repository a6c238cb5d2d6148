using System.Text;
using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;
using Interledger.Net.Tests.Streaming.Receiving;
using Interledger.Net.Tests.Vectors;

namespace Interledger.Net.Tests.Fuzzing;

/// <summary>The decoders of STREAM, and the receiver behind them.</summary>
internal static class StreamFuzzTargets
{
    private static readonly ReceiverUnderTest Under = new();
    private static readonly StreamCredentials Credentials = Under.Receiver.Create(ReceiverUnderTest.Claims());
    private static readonly StreamKeys Keys = new(Credentials.SharedSecret);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("STREAM packets", ["StreamPacketView.TryRead", "StreamPacket.TryRead", "StreamFrameReader.TryReadNext"],
            [.. FuzzTargets.Seeds("stream", "plaintext"), .. FuzzTargets.Seeds("streamOdd", "plaintext")], Packets),
        new("STREAM frames", ["StreamFrame.TryReadContents"], FrameSeeds(), Frames),
        new("STREAM envelopes", ["StreamKeys.TryOpen", "StreamPacket.TryOpen"], EnvelopeSeeds(), Envelopes),
        new("Receiver, packets", ["StreamReceiver.TryReceive"], PrepareSeeds(), ReceiverPackets),
        new("Receiver, contents", ["StreamReceiver.TryReceive"], FuzzTargets.Seeds("stream", "plaintext"), ReceiverContents),
        new("Receiver, addresses", ["StreamReceiver.TryReadClaims"], ClaimSeeds(), ReceiverClaims),
    ];

    private static byte[][] FrameSeeds()
    {
        var seeds = new List<byte[]>();
        foreach (var plaintext in FuzzTargets.Seeds("stream", "plaintext"))
        {
            StreamPacketView.TryRead(plaintext, out var packet, out _);
            var frames = packet.Frames;
            while (frames.TryReadNext() && seeds.Count < 500)
                seeds.Add([(byte)frames.Type, .. frames.Contents]);
        }

        return [.. seeds];
    }

    private static byte[][] EnvelopeSeeds() => [.. FuzzTargets.Seeds("stream", "plaintext").Select(Seal)];

    private static byte[][] PrepareSeeds() =>
    [
        ReceiverUnderTest.Prepare(Credentials, 1000, 10, [new StreamMoneyFrame(1, 1)]).ToArray(),
        ReceiverUnderTest.Prepare(Credentials, 0, frames: [new ConnectionNewAddressFrame(IlpAddress.Empty)]).ToArray(),
        ReceiverUnderTest.Prepare(Credentials, 5, fulfillable: false).ToArray(),
    ];

    private static byte[][] ClaimSeeds() => [.. Enumerable.Range(1, 20).Select(i =>
        Encoding.ASCII.GetBytes(
            Under.Receiver.Create(ReceiverUnderTest.Claims(new string('a', i), payment: Guid.NewGuid())).DestinationAccount.ToString()))];

    private static byte[] Seal(byte[] plaintext)
    {
        var envelope = new byte[plaintext.Length + StreamEnvelope.Overhead];
        Keys.Seal(plaintext, envelope);
        return envelope;
    }

    private static bool Packets(byte[] input)
    {
        var view = FuzzTargets.Honest(StreamPacketView.TryRead(input, out var inPlace, out var error), error);
        var taken = FuzzTargets.Honest(StreamPacket.TryRead(input, out var packet, out error), error);
        Assert.True(view || !taken);
        if (!taken)
            return false;
        Assert.Equal(inPlace.Sequence, packet!.Sequence);
        var encoded = new byte[packet.EncodedLength];
        Assert.True(packet.TryWrite(encoded, out var written));
        Assert.Equal(encoded.Length, written);
        Assert.True(encoded.Length < input.Length || encoded.AsSpan().SequenceEqual(input));
        Assert.True(StreamPacket.TryRead(encoded, out var again, out _));
        FrameVectors.AssertSame(packet, again);
        return true;
    }

    private static bool Frames(byte[] input)
    {
        if (input.Length == 0)
            return false;
        var contents = input.AsSpan(1);
        if (!FuzzTargets.Honest(StreamFrame.TryReadContents((StreamFrameType)input[0], contents, out var frame, out var error), error))
            return false;
        var encoded = new byte[frame!.EncodedLength];
        var writer = new OerWriter(encoded);
        Assert.True(frame.TryWrite(ref writer));
        var reader = new OerReader(encoded);
        Assert.True(reader.TryReadUInt8(out var type) & reader.TryReadVarOctetString(out var written) & reader.TryFinish());
        Assert.Equal(input[0], type);
        Assert.True(written.Length < contents.Length || written.SequenceEqual(contents));
        Assert.True(StreamFrame.TryReadContents((StreamFrameType)type, written, out var again, out _));
        Assert.Equal(frame, again);
        return true;
    }

    private static bool Envelopes(byte[] input)
    {
        var plaintext = new byte[input.Length];
        var opened = FuzzTargets.Honest(Keys.TryOpen(input, plaintext, out var length, out var error), error);
        var packet = FuzzTargets.Honest(StreamPacket.TryOpen(input, Keys, out _, out error), error);
        Assert.True(opened || !packet);
        Assert.Equal(opened ? input.Length - StreamEnvelope.Overhead : 0, length);
        return opened;
    }

    /// <summary>For every input, the output is a valid packet, or money that can be answered in every way.</summary>
    private static bool ReceiverPackets(byte[] input)
    {
        if (!FuzzTargets.Honest(Under.Receiver.TryReceive(input, out var decision, out var error), error))
            return false;
        if (decision.IsFinished)
        {
            Assert.True(IlpPacket.TryRead(decision.Reply, out var reply, out _));
            Assert.Equal(decision.Outcome == StreamOutcome.FulfilledNothing, reply is IlpFulfill);
            return true;
        }

        Assert.Equal(StreamOutcome.Money, decision.Outcome);
        Assert.True(IlpFulfill.TryRead(decision.Money.Fulfill(decision.Money.Amount), out var fulfill, out _));
        Assert.Equal(decision.Money.Condition, fulfill.Fulfillment.Condition);
        var money = decision.Money;
        foreach (var reply in (byte[][])[money.Reject(IlpErrorCode.T00InternalError, "no"), money.RejectAmountTooLarge(1), money.Close()])
            Assert.True(IlpReject.TryRead(reply, out _, out _));
        return true;
    }

    private static bool ReceiverContents(byte[] input)
    {
        var data = Seal(input);
        var prepare = new IlpPrepare
        {
            Amount = (ulong)input.Length,
            ExpiresAt = ReceiverUnderTest.Start.AddSeconds(30),
            ExecutionCondition = Keys.Fulfill(data).Condition,
            Destination = Credentials.DestinationAccount,
            Data = data,
        };
        Assert.True(ReceiverPackets(prepare.ToArray()));
        return StreamPacketView.TryRead(input, out _, out _);
    }

    private static bool ReceiverClaims(byte[] input)
    {
        _ = ClaimsFormat.Read(input);
        if (!IlpAddress.TryParse(input, out var address))
            return false;
        if (FuzzTargets.Honest(Under.Receiver.TryReadClaims(address, out var claims, out var error), error))
            Assert.Matches("^a{1,20}$", claims!.AccountId);
        return true;
    }
}
