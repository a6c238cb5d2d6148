using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// Closes a stream (RFC 29, "StreamClose Frame").
/// <code>
/// +------+--------+---------------------+---------------+--------------------------+
/// | 0x10 | length | stream id (VarUInt) | error code u8 | error message (var UTF8) |
/// +------+--------+---------------------+---------------+--------------------------+
/// </code>
/// </summary>
/// <param name="StreamId">The stream id; 0 to 2^64-1.</param>
/// <param name="ErrorCode">The reason.</param>
/// <param name="ErrorMessage">The reason for humans; may be empty.</param>
public sealed record StreamCloseFrame(ulong StreamId, StreamErrorCode ErrorCode, string ErrorMessage) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.StreamClose;

    private protected override int ContentsLength => OerWriter.SizeOfVarUInt(StreamId) + 1 + FrameText.SizeOf(ErrorMessage);

    internal static StreamCloseFrame? Read(ref OerReader contents) =>
        contents.TryReadVarUInt(out var streamId) && contents.TryReadUInt8(out var code) && FrameText.TryRead(ref contents, out var message)
            ? new StreamCloseFrame(streamId, (StreamErrorCode)code, message)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteVarUInt(StreamId) && writer.TryWriteUInt8((byte)ErrorCode) && FrameText.TryWrite(ref writer, ErrorMessage);
}
