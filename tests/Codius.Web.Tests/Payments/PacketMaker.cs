using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;

namespace Codius.Web.Tests.Payments;

/// <summary>Makes single packets by hand, valid and invalid, where a sender would only make valid ones.</summary>
internal sealed class PacketMaker(SpspResponse destination)
{
    private ulong _sequence;

    public IlpPrepare Money(ulong amount, TimeSpan? expiresIn = null, params StreamFrame[] frames)
    {
        using var keys = new StreamKeys(destination.SharedSecret);
        var data = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = ++_sequence,
            PrepareAmount = amount,
            Frames = [new StreamMoneyFrame(1, 1), .. frames],
        }.Seal(keys);
        return new IlpPrepare
        {
            Amount = amount,
            ExpiresAt = TimeProvider.System.GetUtcNow() + (expiresIn ?? TimeSpan.FromSeconds(20)),
            Destination = destination.DestinationAccount,
            ExecutionCondition = keys.Fulfill(data).Condition,
            Data = data,
        };
    }

    public static async Task<IlpPacket> SendAsync(IlpOverHttpClient connector, IlpPrepare packet)
    {
        var reply = await connector.SendAsync(packet.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(IlpPacket.TryRead(reply.Span, out var read, out _));
        return read;
    }

    /// <summary>The STREAM packet inside a reply.</summary>
    public StreamPacket Open(IlpPacket reply)
    {
        var data = reply is IlpFulfill fulfill ? fulfill.Data : ((IlpReject)reply).Data;
        using var keys = new StreamKeys(destination.SharedSecret);
        Assert.True(StreamPacket.TryOpen(data.Span, keys, out var packet, out _));
        return packet;
    }

    /// <summary>The receipt in a Fulfill.</summary>
    public byte[] Receipt(IlpPacket reply) =>
        Assert.Single(Open(Assert.IsType<IlpFulfill>(reply)).Frames.OfType<StreamReceiptFrame>()).Receipt.ToArray();
}
