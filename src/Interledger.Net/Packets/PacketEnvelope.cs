using Interledger.Net.Oer;

namespace Interledger.Net.Packets;

/// <summary>
/// The common frame of ILPv4 packets (RFC 27): the type, then a VarOctetString that holds the fields. Bytes after the fields, inside
/// the VarOctetString, belong to a later version and are ignored; bytes after the VarOctetString are invalid.
/// <code>
/// +------+-------------+--------------------------+
/// | type | length 1..5 | fields                   |
/// +------+-------------+--------------------------+
/// </code>
/// </summary>
internal static class PacketEnvelope
{
    public static bool TryOpen(ReadOnlySpan<byte> packet, IlpPacketType type, out OerReader fields, out WireError error)
    {
        var reader = new OerReader(packet);
        ReadOnlySpan<byte> contents = default;
        var opened = reader.TryReadUInt8(out var first)
            && ((IlpPacketType)first == type || reader.Fail(WireError.UnexpectedPacketType))
            && reader.TryReadVarOctetString(out contents)
            && reader.TryFinish();
        fields = new OerReader(contents);
        error = reader.Error;
        return opened;
    }

    public static int SizeOf(int fieldsLength) => 1 + OerWriter.SizeOfVarOctetString(fieldsLength);

    public static bool TryBegin(ref OerWriter writer, IlpPacketType type, int fieldsLength) =>
        writer.TryWriteUInt8((byte)type) && writer.TryWriteLength(fieldsLength);

    public static ReadOnlyMemory<byte> CheckedData(ReadOnlyMemory<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, IlpPacket.MaxDataLength, nameof(data));
        return data;
    }
}
