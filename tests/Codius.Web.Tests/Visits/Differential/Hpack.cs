using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// The part of HPACK (RFC 7541) that a client needs which asked for no dynamic table: literals out, literals and the static table in.
/// </summary>
internal static class Hpack
{
    // Appendix A, from index 1; "=" separates a value.
    private static readonly string[] StaticTable =
        (":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|"
            + ":status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|"
            + "accept|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|"
            + "content-language|content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|"
            + "if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|"
            + "proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|strict-transport-security|"
            + "transfer-encoding|user-agent|vary|via|www-authenticate").Split('|');

    public static byte[] Encode(IEnumerable<Field> fields)
    {
        var block = new List<byte>();
        foreach (var field in fields)
        {
            block.Add(0);
            AddText(block, field.Name);
            AddText(block, field.Value);
        }
        return [.. block];
    }

    public static List<Field> Decode(byte[] block)
    {
        var fields = new List<Field>();
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            if ((first & 0x80) != 0)
            {
                fields.Add(Entry(ReadNumber(block, ref at, 7)));
            }
            else if ((first & 0xE0) == 0x20)
            {
                ReadNumber(block, ref at, 5); // the size of the dynamic table: none
            }
            else
            {
                var index = ReadNumber(block, ref at, (first & 0x40) != 0 ? 6 : 4);
                var name = index == 0 ? ReadText(block, ref at) : Entry(index).Name;
                fields.Add(new Field(name, ReadText(block, ref at)));
            }
        }
        return fields;
    }

    private static Field Entry(int index) =>
        StaticTable[index - 1].Split('=', 2) is [var name, var value] ? new Field(name, value) : new Field(StaticTable[index - 1], "");

    private static void AddText(List<byte> block, string text)
    {
        var left = text.Length;
        if (left < 0x7F)
        {
            block.Add((byte)left);
        }
        else
        {
            block.Add(0x7F);
            for (left -= 0x7F; left >= 0x80; left >>= 7) block.Add((byte)(left | 0x80));
            block.Add((byte)left);
        }
        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static int ReadNumber(byte[] block, ref int at, int bits)
    {
        var most = (1 << bits) - 1;
        var number = block[at++] & most;
        if (number < most) return number;
        for (var shift = 0; ; shift += 7)
        {
            var next = block[at++];
            number += (next & 0x7F) << shift;
            if ((next & 0x80) == 0) return number;
        }
    }

    private static string ReadText(byte[] block, ref int at)
    {
        if ((block[at] & 0x80) != 0) throw new NotSupportedException("Kestrel writes no Huffman codes");
        var length = ReadNumber(block, ref at, 7);
        at += length;
        return Encoding.Latin1.GetString(block, at - length, length);
    }
}
