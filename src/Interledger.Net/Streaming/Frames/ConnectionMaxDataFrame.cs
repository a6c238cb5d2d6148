using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The most data that this frame's sender accepts on the connection (RFC 29, "ConnectionMaxData Frame").
/// <code>
/// +------+--------+----------------------+
/// | 0x03 | length | max offset (VarUInt) |
/// +------+--------+----------------------+
/// </code>
/// </summary>
/// <param name="MaxOffset">Bytes of all streams together, from the start of the connection; 0 to 2^64-1.</param>
public sealed record ConnectionMaxDataFrame(ulong MaxOffset) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionMaxData;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(MaxOffset);

    internal static ConnectionMaxDataFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var maxOffset) ? new ConnectionMaxDataFrame(maxOffset) : null;

    private protected override bool TryWriteContents(ref OerWriter writer) => writer.TryWriteVarUInt(MaxOffset);
}
