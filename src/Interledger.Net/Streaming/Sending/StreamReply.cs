using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>The answer to one packet, taken apart: what is proven by its cryptography, and what is only said.</summary>
internal sealed record StreamReply
{
    /// <summary>The packet this answers.</summary>
    public required SentPacket Packet { get; init; }

    /// <summary>The fulfillment is the right one: the money is gone.</summary>
    public bool IsFulfilled { get; init; }

    /// <summary>Why not, if it was rejected.</summary>
    public IlpErrorCode Code { get; init; }

    /// <summary>Whether the receiver itself answered: its STREAM packet was decrypted and belongs to this request.</summary>
    public bool IsAuthentic { get; init; }

    /// <summary>What arrived, as the receiver says; only if authentic.</summary>
    public ulong Received { get; init; }

    /// <summary>The figures of an F08, if it has any.</summary>
    public AmountTooLarge? TooLarge { get; init; }

    /// <summary>The receiver's asset, if it told.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>The receipt of the payment's stream, if there is one: 58 bytes.</summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>How much more the receiver takes on the stream, if it told.</summary>
    public ulong? RoomLeft { get; init; }

    /// <summary>Whether the receiver closed the connection or the stream.</summary>
    public bool IsClosed { get; init; }

    /// <summary>
    /// A reject by which the receiver itself says that the packet came through: F99 as today, F05 and F04 as older and other receivers have
    /// it.
    /// </summary>
    public bool IsRefusal => IsAuthentic && !IsFulfilled
        && (Code == IlpErrorCode.F99ApplicationError || Code == IlpErrorCode.F05WrongCondition
            || Code == IlpErrorCode.F04InsufficientDestinationAmount);
}
