using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The receiver's signed total of a stream (RFC 39, "StreamReceipt Frame").
/// <code>
/// +------+--------+---------------------+---------------+
/// | 0x17 | length | stream id (VarUInt) | receipt (var) |
/// +------+--------+---------------------+---------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; 0 to 2^64-1.</param>
/// <param name="Receipt">
/// 58 bytes for a receipt of version 1; any others are passed on for the verifier to check. Compared by content.
/// </param>
public sealed record StreamReceiptFrame(ulong StreamId, ReadOnlyMemory<byte> Receipt) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamReceipt;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(StreamId) + OerWriter.SizeOfVarOctetString(Receipt.Length);

    /// <summary>Whether two frames are equal.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True for the same number and bytes.</returns>
    public bool Equals(StreamReceiptFrame? other) =>
        other is not null && StreamId == other.StreamId && Receipt.Span.SequenceEqual(other.Receipt.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StreamId, Receipt.Length);

    internal static StreamReceiptFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId) && contents.TryReadVarOctetString(out var receipt)
            ? new StreamReceiptFrame(streamId, receipt.ToArray())
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteVarOctetString(Receipt.Span);
}
