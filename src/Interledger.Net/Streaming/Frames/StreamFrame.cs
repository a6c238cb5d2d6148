using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// One frame of a STREAM packet (RFC 29, "Frames"). Bytes after the known fields, inside the contents, belong to a later version and are
/// ignored.
/// <code>
/// +---------+----------------+
/// | type u8 | contents (var) |
/// +---------+----------------+
/// </code>
/// </summary>
public abstract record StreamFrame
{
    private protected StreamFrame()
    {
    }

    /// <summary>The frame's first byte.</summary>
    public abstract StreamFrameType Type { get; }

    /// <summary>The frame's length on the wire in bytes, type and length prefix included.</summary>
    public int EncodedLength => 1 + OerWriter.SizeOfVarOctetString(ContentsLength);

    private protected abstract int ContentsLength { get; }

    /// <summary>Reads the contents of a frame.</summary>
    /// <param name="type">The frame's first byte.</param>
    /// <param name="contents">The contents of its VarOctetString.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="error">Why not: <see cref="WireError.UnknownFrameType"/>, an OER error, or an error of the frame's own fields.</param>
    /// <returns>False when they are not valid for this type.</returns>
    public static bool TryReadContents(
        StreamFrameType type, ReadOnlySpan<byte> contents, [NotNullWhen(true)] out StreamFrame? frame, out WireError error)
    {
        var reader = new OerReader(contents);
        frame = type switch
        {
            StreamFrameType.ConnectionClose => ConnectionCloseFrame.Read(ref reader),
            StreamFrameType.ConnectionNewAddress => ConnectionNewAddressFrame.Read(ref reader),
            StreamFrameType.ConnectionMaxData => ConnectionMaxDataFrame.Read(ref reader),
            StreamFrameType.ConnectionDataBlocked => ConnectionDataBlockedFrame.Read(ref reader),
            StreamFrameType.ConnectionMaxStreamId => ConnectionMaxStreamIdFrame.Read(ref reader),
            StreamFrameType.ConnectionStreamIdBlocked => ConnectionStreamIdBlockedFrame.Read(ref reader),
            StreamFrameType.ConnectionAssetDetails => ConnectionAssetDetailsFrame.Read(ref reader),
            StreamFrameType.StreamClose => StreamCloseFrame.Read(ref reader),
            StreamFrameType.StreamMoney => StreamMoneyFrame.Read(ref reader),
            StreamFrameType.StreamMaxMoney => StreamMaxMoneyFrame.Read(ref reader),
            StreamFrameType.StreamMoneyBlocked => StreamMoneyBlockedFrame.Read(ref reader),
            StreamFrameType.StreamData => StreamDataFrame.Read(ref reader),
            StreamFrameType.StreamMaxData => StreamMaxDataFrame.Read(ref reader),
            StreamFrameType.StreamDataBlocked => StreamDataBlockedFrame.Read(ref reader),
            StreamFrameType.StreamReceipt => StreamReceiptFrame.Read(ref reader),
            _ => null,
        };
        error = frame is null && reader.Error == WireError.None ? WireError.UnknownFrameType : reader.Error;
        return frame is not null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="writer">The writer.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWrite(ref OerWriter writer) =>
        writer.TryWriteUInt8((byte)Type) && writer.TryWriteLength(ContentsLength) && TryWriteContents(ref writer);

    private protected abstract bool TryWriteContents(ref OerWriter writer);
}
