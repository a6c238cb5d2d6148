using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>The parsed reply to one packet: what is cryptographically proven, and what is only claimed.</summary>
internal sealed record StreamReply
{
    /// <summary>The packet this replies to.</summary>
    public required SentPacket Packet { get; init; }

    /// <summary>The fulfillment matches the condition: the money is spent.</summary>
    public bool IsFulfilled { get; init; }

    /// <summary>The error code, if it was rejected.</summary>
    public IlpErrorCode Code { get; init; }

    /// <summary>Whether the receiver itself replied: its STREAM packet was decrypted and belongs to this request.</summary>
    public bool IsAuthentic { get; init; }

    /// <summary>The amount that arrived, as the receiver reports; only if authentic.</summary>
    public ulong Received { get; init; }

    /// <summary>The data of an F08, if it has any.</summary>
    public AmountTooLarge? TooLarge { get; init; }

    /// <summary>The receiver's asset, if it announced it.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>The receipt of the payment's stream, if there is one: 58 bytes.</summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>How much more the receiver accepts on the stream, if it reported it.</summary>
    public ulong? RoomLeft { get; init; }

    /// <summary>Whether the receiver closed the connection or the stream.</summary>
    public bool IsClosed { get; init; }

    /// <summary>
    /// A Reject by the receiver itself, which shows that the packet arrived: F99 today, F05 and F04 from older and other receivers.
    /// </summary>
    public bool IsRefusal => IsAuthentic && !IsFulfilled
        && (Code == IlpErrorCode.F99ApplicationError || Code == IlpErrorCode.F05WrongCondition
            || Code == IlpErrorCode.F04InsufficientDestinationAmount);
}
