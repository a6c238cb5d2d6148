using Interledger.Net.Packets;
using Interledger.Net.Receipts;

namespace Interledger.Net.Streaming.Sending;

/// <summary>What probes and payments have learned about the path and the receiver. Kept from one payment to the next.</summary>
internal sealed class PathKnowledge(ulong mostPerPacket)
{
    public RateBounds Rate { get; } = new();

    public PathCapacity Capacity { get; } = new(mostPerPacket);

    public ReceiverAsset? Asset { get; private set; }

    /// <summary>The receipt for the highest total.</summary>
    public ReadOnlyMemory<byte> Receipt { get; private set; }

    /// <summary>How much more the receiver accepts, as it last reported; null if it never did.</summary>
    public ulong? RoomLeft { get; private set; }

    /// <summary>Whether the receiver has ever replied.</summary>
    public bool IsConnected { get; private set; }

    public void Apply(StreamReply reply)
    {
        if (reply.TooLarge is { } figures) Capacity.OnTooLarge(reply.Packet.Amount, figures.Received, figures.Maximum);
        else if (reply.Code == IlpErrorCode.F08AmountTooLarge) Capacity.OnTooLarge(reply.Packet.Amount);
        else if (reply.Code == IlpErrorCode.T04InsufficientLiquidity) Capacity.OnShortOfLiquidity(reply.Packet.Amount);
        if (!reply.IsAuthentic) return;

        IsConnected = true;
        Capacity.OnArrived(reply.Packet.Amount);
        Rate.Observe(reply.Packet.Amount, reply.Received);
        Asset ??= reply.Asset;
        RoomLeft = reply.RoomLeft ?? RoomLeft;
        if (!reply.Receipt.IsEmpty && ReceiptTotal(reply.Receipt) >= ReceiptTotal(Receipt)) Receipt = reply.Receipt;
    }

    // Replies can be reordered, so the last receipt need not have the highest total.
    private static ulong ReceiptTotal(ReadOnlyMemory<byte> receipt) =>
        StreamReceipt.TryReadUnverified(receipt.Span, out var read, out _) ? read.TotalReceived : 0;
}
