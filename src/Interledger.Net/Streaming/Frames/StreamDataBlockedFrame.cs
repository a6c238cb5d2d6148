using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The sender has more data than the peer's limit for a stream allows (RFC 29, "StreamDataBlocked Frame").
/// <code>
/// +------+--------+---------------------+----------------------+
/// | 0x16 | length | stream id (VarUInt) | max offset (VarUInt) |
/// +------+--------+---------------------+----------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; a client opens odd ones, a server even ones; 0 to 2^64-1.</param>
/// <param name="MaxOffset">The limit that was reached, in bytes; 0 to 2^64-1.</param>
public sealed record StreamDataBlockedFrame(ulong StreamId, ulong MaxOffset) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamDataBlocked;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(MaxOffset);

    internal static StreamDataBlockedFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId)
            && contents.TryReadVarUInt(out var maxOffset)
            ? new StreamDataBlockedFrame(streamId, maxOffset)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(MaxOffset);
}
