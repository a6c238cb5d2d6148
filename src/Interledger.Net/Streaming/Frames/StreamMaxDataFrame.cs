using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The most data that this frame's sender accepts on a stream (RFC 29, "StreamMaxData Frame").
/// <code>
/// +------+--------+---------------------+----------------------+
/// | 0x15 | length | stream id (VarUInt) | max offset (VarUInt) |
/// +------+--------+---------------------+----------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; a client opens odd ones, a server even ones; 0 to 2^64-1.</param>
/// <param name="MaxOffset">Bytes from the start of the stream; 0 to 2^64-1.</param>
public sealed record StreamMaxDataFrame(ulong StreamId, ulong MaxOffset) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamMaxData;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(MaxOffset);

    internal static StreamMaxDataFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId)
            && contents.TryReadVarUInt(out var maxOffset)
            ? new StreamMaxDataFrame(streamId, maxOffset)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(MaxOffset);
}
