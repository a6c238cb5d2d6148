using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The most money that this frame's sender accepts on a stream (RFC 29, "StreamMaxMoney Frame").
/// <code>
/// +------+--------+---------------------+-----------------------+--------------------------+
/// | 0x12 | length | stream id (VarUInt) | receive max (VarUInt) | total received (VarUInt) |
/// +------+--------+---------------------+-----------------------+--------------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; a client opens odd ones, a server even ones; 0 to 2^64-1.</param>
/// <param name="ReceiveMax">The most units the stream accepts in total, in the receiver's asset; above 2^64-1 reads as 2^64-1.</param>
/// <param name="TotalReceived">Units the stream has received so far; 0 to 2^64-1.</param>
public sealed record StreamMaxMoneyFrame(ulong StreamId, ulong ReceiveMax, ulong TotalReceived) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamMaxMoney;

    private protected override int ContentsLength =>
        OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(ReceiveMax) + OerWriter.SizeOfVarUInt(TotalReceived);

    internal static StreamMaxMoneyFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId)
            && contents.TryReadSaturatingVarUInt(out var receiveMax)
            && contents.TryReadVarUInt(out var totalReceived)
            ? new StreamMaxMoneyFrame(streamId, receiveMax, totalReceived)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(ReceiveMax) && writer.TryWriteVarUInt(TotalReceived);
}
