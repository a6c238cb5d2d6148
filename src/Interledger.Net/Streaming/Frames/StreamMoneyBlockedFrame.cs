using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The sender has more money than the peer's limit for a stream allows (RFC 29, "StreamMoneyBlocked Frame").
/// <code>
/// +------+--------+---------------------+--------------------+----------------------+
/// | 0x13 | length | stream id (VarUInt) | send max (VarUInt) | total sent (VarUInt) |
/// +------+--------+---------------------+--------------------+----------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; a client opens odd ones, a server even ones; 0 to 2^64-1.</param>
/// <param name="SendMax">The most units the sender would send in total, in its asset; larger than 2^64-1 reads as 2^64-1.</param>
/// <param name="TotalSent">Units sent on the stream so far; 0 to 2^64-1.</param>
public sealed record StreamMoneyBlockedFrame(ulong StreamId, ulong SendMax, ulong TotalSent) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamMoneyBlocked;

    private protected override int ContentsLength =>
        OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(SendMax) + OerWriter.SizeOfVarUInt(TotalSent);

    internal static StreamMoneyBlockedFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId)
            && contents.TryReadSaturatingVarUInt(out var sendMax)
            && contents.TryReadVarUInt(out var totalSent)
            ? new StreamMoneyBlockedFrame(streamId, sendMax, totalSent)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(SendMax) && writer.TryWriteVarUInt(TotalSent);
}
