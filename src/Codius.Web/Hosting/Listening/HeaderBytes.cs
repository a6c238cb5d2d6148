using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Hosting.Listening;

/// <summary>
/// Header values as bytes. HTTP gives the bytes 0x80 to 0xFF no meaning, so between client and app they pass as ISO-8859-1: it maps each
/// byte to one character and back. The gateway's own endpoints read text, which is UTF-8.
/// </summary>
internal static class HeaderBytes
{
    /// <summary>
    /// A character that is no byte becomes a question mark; <see cref="Encoding.Latin1"/> would write the ASCII character that looks most
    /// like it.
    /// </summary>
    public static Encoding Encoding { get; } =
        Encoding.GetEncoding("iso-8859-1", EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);

    /// <summary>Decodes the values of a request again, as UTF-8; those that are not valid UTF-8 stay as they are.</summary>
    public static void ReadAsUtf8(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, StringValues>>? texts = null;
        foreach (var header in headers)
            if (!IsAscii(header.Value)) (texts ??= []).Add(new(header.Key, Utf8Of(header.Value)));
        if (texts is null) return;
        foreach (var (name, values) in texts) headers[name] = values;
    }

    private static bool IsAscii(StringValues values)
    {
        foreach (var value in values)
            if (value is not null && !Ascii.IsValid(value)) return false;
        return true;
    }

    private static StringValues Utf8Of(StringValues values) => new([.. values.Select(value =>
    {
        var bytes = Encoding.Latin1.GetBytes(value ?? "");
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : value;
    })]);
}
