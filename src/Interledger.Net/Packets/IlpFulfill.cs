using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Oer;

namespace Interledger.Net.Packets;

/// <summary>
/// The receiver accepted the money; carries the proof (RFC 27, "ILP Fulfill").
/// <code>
/// +------+--------+----------------+------------+
/// |  13  | length | fulfillment 32 | data (var) |
/// +------+--------+----------------+------------+
/// </code>
/// </summary>
public sealed class IlpFulfill : IlpPacket
{
    /// <inheritdoc/>
    public override IlpPacketType Type => IlpPacketType.Fulfill;

    /// <summary>The bytes whose SHA-256 is the Prepare's condition.</summary>
    public required IlpFulfillment Fulfillment { get; init; }

    /// <summary>0 to 32,767 bytes, for the sender.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More bytes.</exception>
    public ReadOnlyMemory<byte> Data { get; init => field = PacketEnvelope.CheckedData(value); }

    /// <inheritdoc/>
    public override int EncodedLength => LengthWith(Data.Length);

    /// <summary>Reads a Fulfill; its data is copied. Whether it fulfills a condition is for the caller to check.</summary>
    /// <param name="bytes">The whole packet and nothing after it.</param>
    /// <param name="fulfill">The packet.</param>
    /// <param name="error">
    /// Why not: an OER error, <see cref="WireError.UnexpectedPacketType"/>, <see cref="WireError.DataTooLong"/> or
    /// <see cref="WireError.TrailingBytes"/>.
    /// </param>
    /// <returns>False when the bytes are not a valid Fulfill.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IlpFulfill? fulfill, out WireError error)
    {
        fulfill = null;
        if (!PacketEnvelope.TryOpen(bytes, IlpPacketType.Fulfill, out var fields, out error))
            return false;
        ReadOnlySpan<byte> data = default;
        var valid = fields.TryReadBytes(IlpFulfillment.Length, out var fulfillment)
            && fields.TryReadVarOctetString(IlpPacket.MaxDataLength, out data);
        error = fields.Error;
        if (valid)
            fulfill = new IlpFulfill { Fulfillment = new IlpFulfillment(fulfillment), Data = data.ToArray() };
        return valid;
    }

    /// <inheritdoc/>
    public override bool TryWrite(Span<byte> destination, out int written)
    {
        var writer = new OerWriter(destination);
        var whole = TryBegin(ref writer, Fulfillment, Data.Length) && writer.TryWriteBytes(Data.Span);
        written = whole ? writer.Written : 0;
        return whole;
    }

    internal static int LengthWith(int dataLength) =>
        PacketEnvelope.SizeOf(IlpFulfillment.Length + OerWriter.SizeOfVarOctetString(dataLength));

    /// <summary>Writes everything up to the data's first byte.</summary>
    internal static bool TryBegin(ref OerWriter writer, in IlpFulfillment fulfillment, int dataLength)
    {
        if (!PacketEnvelope.TryBegin(ref writer, IlpPacketType.Fulfill, IlpFulfillment.Length + OerWriter.SizeOfVarOctetString(dataLength))
            || !writer.TryTake(IlpFulfillment.Length, out var room))
            return false;
        fulfillment.CopyTo(room);
        return writer.TryWriteLength(dataLength);
    }
}
