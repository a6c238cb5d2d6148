using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// Assigns a share of the packet's money to a stream (RFC 29, "StreamMoney Frame").
/// <code>
/// +------+--------+---------------------+------------------+
/// | 0x11 | length | stream id (VarUInt) | shares (VarUInt) |
/// +------+--------+---------------------+------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; a client opens odd ones, a server even ones; 0 to 2^64-1.</param>
/// <param name="Shares">The share, relative to those of the packet's other StreamMoney frames; 0 to 2^64-1.</param>
public sealed record StreamMoneyFrame(ulong StreamId, ulong Shares) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamMoney;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarUInt(Shares);

    internal static StreamMoneyFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId)
            && contents.TryReadVarUInt(out var shares)
            ? new StreamMoneyFrame(streamId, shares)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarUInt(Shares);
}
