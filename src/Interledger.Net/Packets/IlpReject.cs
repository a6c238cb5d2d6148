using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Interledger.Net.Oer;

namespace Interledger.Net.Packets;

/// <summary>
/// The transfer was rejected; carries the reason (RFC 27, "ILP Reject").
/// <code>
/// +------+--------+--------+-------------------+--------------------+------------+
/// |  14  | length | code 3 | triggeredBy (var) | message (var UTF8) | data (var) |
/// +------+--------+--------+-------------------+--------------------+------------+
/// </code>
/// </summary>
public sealed class IlpReject : IlpPacket
{
    /// <inheritdoc/>
    public override IlpPacketType Type => IlpPacketType.Reject;

    /// <summary>The error code.</summary>
    /// <exception cref="ArgumentException">The default value, which is no code.</exception>
    public required IlpErrorCode Code
    {
        get;
        init => field = value == default ? throw new ArgumentException("A Reject needs a code.", nameof(value)) : value;
    }

    /// <summary>The node that rejected the packet; may be empty.</summary>
    public IlpAddress TriggeredBy { get; init; }

    /// <summary>The error message for humans; valid UTF-16, 0 to 8,192 bytes as UTF-8 when written here.</summary>
    public string Message { get; init; } = "";

    /// <summary>0 to 32,767 bytes; their meaning depends on <see cref="Code"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More bytes.</exception>
    public ReadOnlyMemory<byte> Data { get; init => field = PacketEnvelope.CheckedData(value); }

    /// <inheritdoc/>
    public override int EncodedLength => LengthWith(TriggeredBy.Length, Encoding.UTF8.GetByteCount(Message), Data.Length);

    /// <summary>Reads a Reject; its data is copied.</summary>
    /// <param name="bytes">The whole packet and nothing after it.</param>
    /// <param name="reject">The packet.</param>
    /// <param name="error">
    /// Why not: an OER error, <see cref="WireError.UnexpectedPacketType"/>, <see cref="WireError.InvalidErrorCode"/>,
    /// <see cref="WireError.InvalidAddress"/>, <see cref="WireError.InvalidText"/>, <see cref="WireError.DataTooLong"/> or
    /// <see cref="WireError.TrailingBytes"/>.
    /// </param>
    /// <returns>False when the bytes are not a valid Reject.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IlpReject? reject, out WireError error)
    {
        reject = null;
        if (!PacketEnvelope.TryOpen(bytes, IlpPacketType.Reject, out var fields, out error))
            return false;
        IlpErrorCode code = default;
        IlpAddress triggeredBy = default;
        ReadOnlySpan<byte> message = default, data = default;
        var valid = fields.TryReadBytes(IlpErrorCode.Length, out var letters)
            && (IlpErrorCode.TryParse(letters, out code) || fields.Fail(WireError.InvalidErrorCode))
            && fields.TryReadVarOctetString(out var address)
            && (address.IsEmpty || IlpAddress.TryParse(address, out triggeredBy) || fields.Fail(WireError.InvalidAddress))
            && fields.TryReadVarOctetString(out message)
            && (Utf8.IsValid(message) || fields.Fail(WireError.InvalidText))
            && fields.TryReadVarOctetString(IlpPacket.MaxDataLength, out data);
        error = fields.Error;
        if (valid)
            reject = new IlpReject
            {
                Code = code,
                TriggeredBy = triggeredBy,
                Message = Encoding.UTF8.GetString(message),
                Data = data.ToArray()
            };
        return valid;
    }

    /// <inheritdoc/>
    public override bool TryWrite(Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < EncodedLength)
            return false;
        var writer = new OerWriter(destination);
        Span<byte> address = stackalloc byte[TriggeredBy.Length];
        TriggeredBy.CopyTo(address);
        if (!TryBegin(ref writer, Code, address, Encoding.UTF8.GetBytes(Message), Data.Length) || !writer.TryWriteBytes(Data.Span))
            return false;
        written = writer.Written;
        return true;
    }

    internal static int LengthWith(int triggeredByLength, int messageLength, int dataLength) =>
        PacketEnvelope.SizeOf(FieldsLength(triggeredByLength, messageLength, dataLength));

    /// <summary>Writes everything up to the data's first byte.</summary>
    internal static bool TryBegin(
        ref OerWriter writer, IlpErrorCode code, scoped ReadOnlySpan<byte> triggeredBy, scoped ReadOnlySpan<byte> message, int dataLength)
    {
        if (!PacketEnvelope.TryBegin(ref writer, IlpPacketType.Reject, FieldsLength(triggeredBy.Length, message.Length, dataLength))
            || !writer.TryTake(IlpErrorCode.Length, out var room))
            return false;
        code.CopyTo(room);
        return writer.TryWriteVarOctetString(triggeredBy) && writer.TryWriteVarOctetString(message) && writer.TryWriteLength(dataLength);
    }

    private static int FieldsLength(int triggeredByLength, int messageLength, int dataLength) =>
        IlpErrorCode.Length + OerWriter.SizeOfVarOctetString(triggeredByLength)
        + OerWriter.SizeOfVarOctetString(messageLength) + OerWriter.SizeOfVarOctetString(dataLength);
}
