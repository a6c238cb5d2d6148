using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// Application data on a stream (RFC 29, "StreamData Frame").
/// <code>
/// +------+--------+---------------------+------------------+------------+
/// | 0x14 | length | stream id (VarUInt) | offset (VarUInt) | data (var) |
/// +------+--------+---------------------+------------------+------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; 0 to 2^64-1.</param>
/// <param name="Offset">The position of the data, in bytes from the start of the stream; 0 to 2^64-1.</param>
/// <param name="Data">The bytes; compared by content.</param>
public sealed record StreamDataFrame(ulong StreamId, ulong Offset, ReadOnlyMemory<byte> Data) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamData;

    private protected override int ContentsLength =>
        OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(Offset) + OerWriter.SizeOfVarOctetString(Data.Length);

    /// <summary>Whether two frames are equal.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True for the same numbers and bytes.</returns>
    public bool Equals(StreamDataFrame? other) =>
        other is not null && StreamId == other.StreamId && Offset == other.Offset && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StreamId, Offset, Data.Length);

    internal static StreamDataFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId) && contents.TryReadVarUInt(out var offset) && contents.TryReadVarOctetString(out var data)
            ? new StreamDataFrame(streamId, offset, data.ToArray())
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(Offset) && writer.TryWriteVarOctetString(Data.Span);
}
