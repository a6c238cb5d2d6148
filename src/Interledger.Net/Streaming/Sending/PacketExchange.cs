using System.Security.Cryptography;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Sending;

/// <summary>Builds one packet, sends it, and parses the reply; every packet has its own sequence number and IV.</summary>
internal sealed class PacketExchange(IIlpSender path, IlpAddress destination, StreamKeys keys, StreamSenderOptions options)
{
    /// <summary>The stream that carries the payment: a client's first.</summary>
    public const ulong StreamId = 1;

    /// <summary>The most packets per key: with more, a repeated random IV becomes likely (RFC 29 section 4.1).</summary>
    public const ulong MostPackets = 1UL << 31;

    /// <summary>How long after a packet's expiry its reply is still awaited.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ClosingWait = TimeSpan.FromSeconds(3);

    private static readonly StreamFrame[] Money = [new StreamMoneyFrame(StreamId, 1)];

    private ulong _sequence = options.FirstSequence;

    public bool IsKeyUsedUp => _sequence >= MostPackets;

    /// <summary>Sends money: the receiver can fulfill this packet.</summary>
    public Task<StreamReply> PayAsync(SentPacket packet) => SendAsync(packet, fulfillable: true, options.PacketExpiry + Late, Money);

    /// <summary>Sends an unfulfillable packet: its condition is random, so its preimage is unknown.</summary>
    public Task<StreamReply> ProbeAsync(SentPacket packet, params StreamFrame[] frames) =>
        SendAsync(packet, fulfillable: false, options.PacketExpiry + Late, frames);

    /// <summary>
    /// Closes the connection. The packet lives as long as any other, since each connector on the path takes its time from it, but its reply
    /// is not needed and not waited for that long.
    /// </summary>
    public Task<StreamReply> CloseAsync() =>
        SendAsync(default, fulfillable: false, ClosingWait, [new ConnectionCloseFrame(StreamErrorCode.NoError, "")]);

    private async Task<StreamReply> SendAsync(SentPacket packet, bool fulfillable, TimeSpan wait, StreamFrame[] frames)
    {
        var sequence = _sequence++;
        var data = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = sequence,
            PrepareAmount = packet.Minimum,
            Frames = frames,
        }.Seal(keys);
        var condition = fulfillable ? keys.Fulfill(data).Condition : new IlpCondition(RandomNumberGenerator.GetBytes(IlpCondition.Length));
        var prepare = new IlpPrepare
        {
            Amount = packet.Amount,
            ExpiresAt = options.Time.GetUtcNow() + options.PacketExpiry,
            ExecutionCondition = condition,
            Destination = destination,
            Data = data,
        };

        var answer = await AnswerAsync(prepare.ToArray(), wait);
        if (IlpFulfill.TryRead(answer.Span, out var fulfill, out _))
        {
            return fulfill.Fulfillment.Condition == condition
                ? Read(new StreamReply { Packet = packet, IsFulfilled = true }, IlpPacketType.Fulfill, sequence, fulfill.Data.Span)
                : new StreamReply { Packet = packet, Code = IlpErrorCode.F05WrongCondition };
        }

        return IlpReject.TryRead(answer.Span, out var reject, out _)
            ? Read(new StreamReply { Packet = packet, Code = reject.Code, TooLarge = Figures(reject) },
                IlpPacketType.Reject, sequence, reject.Data.Span)
            : new StreamReply { Packet = packet, Code = IlpErrorCode.T00InternalError };
    }

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> prepare, TimeSpan wait)
    {
        // A fulfillment after the expiry claims nothing: the packet then counts as rejected, whatever the link does.
        using var late = new CancellationTokenSource(wait, options.Time);
        try
        {
            return await path.SendAsync(prepare, late.Token);
        }
        catch (OperationCanceledException)
        {
            return new IlpReject { Code = IlpErrorCode.R00TransferTimedOut }.ToArray();
        }
    }

    private StreamReply Read(StreamReply reply, IlpPacketType type, ulong sequence, ReadOnlySpan<byte> data)
    {
        if (!StreamPacket.TryOpen(data, keys, out var packet, out _) || packet.PacketType != type || packet.Sequence != sequence)
            return reply;

        reply = reply with { IsAuthentic = true, Received = packet.PrepareAmount };
        foreach (var frame in packet.Frames)
        {
            reply = frame switch
            {
                ConnectionAssetDetailsFrame asset => reply with { Asset = new ReceiverAsset(asset.AssetCode, asset.AssetScale) },
                ConnectionCloseFrame => reply with { IsClosed = true },
                StreamCloseFrame { StreamId: StreamId } => reply with { IsClosed = true },
                StreamReceiptFrame { StreamId: StreamId, Receipt.Length: StreamReceipt.Length } receipt =>
                    reply with { Receipt = receipt.Receipt },
                // The maximum value means no limit.
                StreamMaxMoneyFrame { StreamId: StreamId, ReceiveMax: < ulong.MaxValue } most => reply with
                {
                    RoomLeft = most.ReceiveMax - Math.Min(most.ReceiveMax, most.TotalReceived),
                },
                _ => reply,
            };
        }

        return reply;
    }

    private static AmountTooLarge? Figures(IlpReject reject) =>
        reject.Code == IlpErrorCode.F08AmountTooLarge && AmountTooLarge.TryRead(reject.Data.Span, out var figures, out _) ? figures : null;
}
