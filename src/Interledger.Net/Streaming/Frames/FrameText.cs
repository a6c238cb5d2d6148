using System.Text;
using System.Text.Unicode;
using Interledger.Net.Oer;

namespace Interledger.Net.Streaming.Frames;

/// <summary>Text in frames: a VarOctetString of UTF-8.</summary>
internal static class FrameText
{
    public static int SizeOf(string text) => OerWriter.SizeOfVarOctetString(Encoding.UTF8.GetByteCount(text));

    public static bool TryRead(ref OerReader reader, out string text)
    {
        text = "";
        if (!reader.TryReadVarOctetString(out var utf8))
            return false;
        if (!Utf8.IsValid(utf8))
            return reader.Fail(WireError.InvalidText);
        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    public static bool TryWrite(ref OerWriter writer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (!writer.TryWriteLength(length) || !writer.TryTake(length, out var room))
            return false;
        Encoding.UTF8.GetBytes(text, room);
        return true;
    }
}
