using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// Closes the connection (RFC 29, "ConnectionClose Frame").
/// <code>
/// +------+--------+---------------+--------------------------+
/// | 0x01 | length | error code u8 | error message (var UTF8) |
/// +------+--------+---------------+--------------------------+
/// </code>
/// </summary>
/// <param name="ErrorCode">The reason.</param>
/// <param name="ErrorMessage">The reason for humans; may be empty.</param>
public sealed record ConnectionCloseFrame(StreamErrorCode ErrorCode, string ErrorMessage) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionClose;

    private protected override int ContentsLength => 1 + FrameText.SizeOf(ErrorMessage);

    internal static ConnectionCloseFrame? Read(ref OerReader contents) =>
        contents.TryReadUInt8(out var code) && FrameText.TryRead(ref contents, out var message)
            ? new ConnectionCloseFrame((StreamErrorCode)code, message)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        writer.TryWriteUInt8((byte)ErrorCode) && FrameText.TryWrite(ref writer, ErrorMessage);
}
