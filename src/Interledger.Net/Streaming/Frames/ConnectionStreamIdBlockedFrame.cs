using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The sender needs more streams than the peer's limit allows (RFC 29, "ConnectionStreamIdBlocked Frame").
/// <code>
/// +------+--------+-------------------------+
/// | 0x06 | length | max stream id (VarUInt) |
/// +------+--------+-------------------------+
/// </code>
/// </summary>
/// <param name="MaxStreamId">The limit that was reached; 0 to 2^64-1.</param>
public sealed record ConnectionStreamIdBlockedFrame(ulong MaxStreamId) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionStreamIdBlocked;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(MaxStreamId);

    internal static ConnectionStreamIdBlockedFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var maxStreamId) ? new ConnectionStreamIdBlockedFrame(maxStreamId) : null;

    private protected override bool TryWriteContents(ref OerWriter writer) => writer.TryWriteVarUInt(MaxStreamId);
}
