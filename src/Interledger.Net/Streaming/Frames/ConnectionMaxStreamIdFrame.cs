using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The highest stream id that the peer may open (RFC 29, "ConnectionMaxStreamId Frame").
/// <code>
/// +------+--------+-------------------------+
/// | 0x05 | length | max stream id (VarUInt) |
/// +------+--------+-------------------------+
/// </code>
/// </summary>
/// <param name="MaxStreamId">A stream id; 0 to 2^64-1.</param>
public sealed record ConnectionMaxStreamIdFrame(ulong MaxStreamId) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionMaxStreamId;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(MaxStreamId);

    internal static ConnectionMaxStreamIdFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var maxStreamId) ? new ConnectionMaxStreamIdFrame(maxStreamId) : null;

    private protected override bool TryWriteContents(ref OerWriter writer) => writer.TryWriteVarUInt(MaxStreamId);
}
