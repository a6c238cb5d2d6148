using System.Buffers.Binary;
using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Writes frames of RFC 6455 from words such as <c>text hello</c>, <c>fragment he</c> or <c>close 1000 bye</c>.</summary>
internal static class WebSocketFrame
{
    private static readonly byte[] Mask = [0x11, 0x80, 0xFF, 0x00];

    public static string Write(string words, bool masked)
    {
        var (kind, rest) = words.Split(' ', 2) is [var first, var after] ? (first, after) : (words, "");
        return Write(FirstByte(kind), kind == "close" ? Close(rest) : Encoding.Latin1.GetBytes(MessageText.Parse(rest).Start), masked);
    }

    private static byte FirstByte(string kind) => kind switch
    {
        "text" => 0x81,
        "compressed" => 0xC1,
        "binary" => 0x82,
        "fragment" => 0x01,
        "more" => 0x00,
        "rest" => 0x80,
        "close" => 0x88,
        "ping" => 0x89,
        "pong" => 0x8A,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of frame"),
    };

    private static byte[] Close(string words)
    {
        if (words.Length == 0) return [];
        var bytes = new byte[2];
        var (code, reason) = words.Split(' ', 2) is [var first, var after] ? (first, after) : (words, "");
        BinaryPrimitives.WriteUInt16BigEndian(bytes, ushort.Parse(code, System.Globalization.CultureInfo.InvariantCulture));
        return [.. bytes, .. Encoding.Latin1.GetBytes(reason)];
    }

    private static string Write(byte first, byte[] payload, bool masked)
    {
        var length = payload.Length < 126 ? [(byte)payload.Length] : new byte[] { 126, (byte)(payload.Length >> 8), (byte)payload.Length };
        if (masked) length[0] |= 0x80;
        var body = masked ? [.. Mask, .. payload.Select((value, at) => (byte)(value ^ Mask[at % 4]))] : payload;
        return Encoding.Latin1.GetString([first, .. length, .. body]);
    }
}
