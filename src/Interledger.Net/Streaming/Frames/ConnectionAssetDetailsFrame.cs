using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>
/// The asset of the amounts of this frame's sender (RFC 29, "ConnectionAssetDetails Frame").
/// <code>
/// +------+--------+-----------------------+----------+
/// | 0x07 | length | asset code (var UTF8) | scale u8 |
/// +------+--------+-----------------------+----------+
/// </code>
/// </summary>
/// <param name="AssetCode">Such as <c>USD</c> or <c>XRP</c>.</param>
/// <param name="AssetScale">A unit is 10^-scale of the asset; 0 to 255.</param>
public sealed record ConnectionAssetDetailsFrame(string AssetCode, byte AssetScale) : StreamFrame
{
    /// <inheritdoc/>
    public override StreamFrameType Type => StreamFrameType.ConnectionAssetDetails;

    private protected override int ContentsLength => FrameText.SizeOf(AssetCode) + 1;

    internal static ConnectionAssetDetailsFrame? Read(ref OerReader contents) =>
        FrameText.TryRead(ref contents, out var code) && contents.TryReadUInt8(out var scale)
            ? new ConnectionAssetDetailsFrame(code, scale)
            : null;

    private protected override bool TryWriteContents(ref OerWriter writer) =>
        FrameText.TryWrite(ref writer, AssetCode) && writer.TryWriteUInt8(AssetScale);
}
