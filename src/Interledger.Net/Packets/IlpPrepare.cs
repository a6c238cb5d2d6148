using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Oer;

namespace Interledger.Net.Packets;

/// <summary>
/// A conditional transfer towards a receiver (RFC 27, "ILP Prepare"). Wire format: <see cref="IlpPrepareView"/>.
/// </summary>
public sealed class IlpPrepare : IlpPacket
{
    /// <inheritdoc/>
    public override IlpPacketType Type => IlpPacketType.Prepare;

    /// <summary>Units of the asset of the link the packet goes over; 0 to 2^64-1.</summary>
    public ulong Amount { get; init; }

    /// <summary>When the packet expires; on the wire in UTC, truncated to milliseconds.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The SHA-256 of the fulfillment that claims the money.</summary>
    public required IlpCondition ExecutionCondition { get; init; }

    /// <summary>The receiver's address; never empty.</summary>
    /// <exception cref="ArgumentException">The empty address.</exception>
    public required IlpAddress Destination
    {
        get;
        init => field = value.IsEmpty ? throw new ArgumentException("A Prepare needs a destination.", nameof(value)) : value;
    }

    /// <summary>0 to 32,767 bytes, for the receiver.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More bytes.</exception>
    public ReadOnlyMemory<byte> Data { get; init => field = PacketEnvelope.CheckedData(value); }

    /// <inheritdoc/>
    public override int EncodedLength => PacketEnvelope.SizeOf(FieldsLength);

    private int FieldsLength => sizeof(ulong) + IlpTimestamp.Length + IlpCondition.Length
        + OerWriter.SizeOfVarOctetString(Destination.Length) + OerWriter.SizeOfVarOctetString(Data.Length);

    /// <summary>Reads a Prepare; its data is copied.</summary>
    /// <param name="bytes">The whole packet and nothing after it.</param>
    /// <param name="prepare">The packet.</param>
    /// <param name="error">Why not; see <see cref="IlpPrepareView.TryRead"/>.</param>
    /// <returns>False when the bytes are not a valid Prepare.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IlpPrepare? prepare, out WireError error)
    {
        prepare = IlpPrepareView.TryRead(bytes, out var view, out error) ? view.ToPrepare() : null;
        return prepare is not null;
    }

    /// <inheritdoc/>
    public override bool TryWrite(Span<byte> destination, out int written)
    {
        var writer = new OerWriter(destination);
        var whole = PacketEnvelope.TryBegin(ref writer, Type, FieldsLength)
            && writer.TryWriteUInt64(Amount)
            && TryWriteExpiry(ref writer)
            && TryWriteCondition(ref writer)
            && writer.TryWriteLength(Destination.Length)
            && TryWriteDestination(ref writer)
            && writer.TryWriteVarOctetString(Data.Span);
        written = whole ? writer.Written : 0;
        return whole;
    }

    private bool TryWriteExpiry(ref OerWriter writer)
    {
        if (!writer.TryTake(IlpTimestamp.Length, out var room))
            return false;
        IlpTimestamp.Write(ExpiresAt, room);
        return true;
    }

    private bool TryWriteCondition(ref OerWriter writer)
    {
        if (!writer.TryTake(IlpCondition.Length, out var room))
            return false;
        ExecutionCondition.CopyTo(room);
        return true;
    }

    private bool TryWriteDestination(ref OerWriter writer)
    {
        if (!writer.TryTake(Destination.Length, out var room))
            return false;
        Destination.CopyTo(room);
        return true;
    }
}
