using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The sender has more data than the peer's limit for the connection allows (RFC 29, "ConnectionDataBlocked Frame").
/// <code>
/// +------+--------+----------------------+
/// | 0x04 | length | max offset (VarUInt) |
/// +------+--------+----------------------+
/// </code>
/// </summary>
/// <param name="MaxOffset">The limit that was reached, in bytes; 0 to 2^64-1.</param>
public sealed record ConnectionDataBlockedFrame(ulong MaxOffset) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionDataBlocked;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(MaxOffset);

    internal static ConnectionDataBlockedFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var maxOffset) ? new ConnectionDataBlockedFrame(maxOffset) : null;

    private protected override bool TryWriteContents(ref OerWriter writer) => writer.TryWriteVarUInt(MaxOffset);
}
