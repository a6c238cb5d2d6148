using System.Globalization;
using System.Text.RegularExpressions;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// A message as a line of the corpus writes it:
/// <c>POST /path | Header: value | Header: value || body || more of it ||| Trailer: value</c>. Each part of a chunked body is a chunk;
/// any other body has a <c>Content-Length</c> unless the headers say how it ends. <c>\xE9</c> is a byte, <c>{a*9}</c> is nine of them.
/// </summary>
internal sealed partial record MessageText(
    string Start, IReadOnlyList<Field> Fields, IReadOnlyList<string> Pieces, IReadOnlyList<Field> Trailers)
{
    public bool IsChunked => Fields.Has("Transfer-Encoding");

    public string Body => string.Concat(Pieces);

    public bool EndsWithTheConnection => Fields.Find("Connection") == "close";

    /// <summary>The headers with a length, if the body needs one.</summary>
    public IReadOnlyList<Field> FramedFields =>
        Pieces.Count == 0 || IsChunked || EndsWithTheConnection || Fields.Has("Content-Length") ? Fields
            : [.. Fields, new Field("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture))];

    public static MessageText Parse(string text)
    {
        var (message, trailers) = Cut(text, " ||| ");
        var pieces = message.Split(" || ");
        var lines = pieces[0].Split(" | ");
        return new MessageText(
            Unescape(lines[0]), FieldsOf(lines[1..]), [.. pieces[1..].Select(Unescape)],
            trailers is null ? [] : FieldsOf(trailers.Split(" | ")));
    }

    /// <summary>The head of an HTTP/1.1 message.</summary>
    public string Head(string startLine) =>
        string.Concat([startLine, "\r\n", .. FramedFields.Select(field => $"{field}\r\n"), "\r\n"]);

    /// <summary>The body as HTTP/1.1 frames it, piece by piece.</summary>
    public IEnumerable<string> FramedPieces()
    {
        if (!IsChunked) return Pieces;
        var end = string.Concat(["0\r\n", .. Trailers.Select(field => $"{field}\r\n"), "\r\n"]);
        return [.. Pieces.Select(piece => $"{piece.Length:x}\r\n{piece}\r\n"), end];
    }

    /// <summary>The line of the corpus that would be read as this.</summary>
    public override string ToString() => string.Concat(
        [Escape(Start), .. Fields.Select(field => " | " + Escape($"{field}")), .. Pieces.Select(piece => " || " + Escape(piece)),
            .. Trailers.Select((field, at) => (at == 0 ? " ||| " : " | ") + Escape($"{field}"))]);

    private static string Escape(string text) =>
        string.Concat(text.Select(letter => letter is >= ' ' and <= '~' ? letter.ToString() : $"\\x{(int)letter:X2}"));

    private static Field[] FieldsOf(IEnumerable<string> lines) => [.. lines.Select(line =>
    {
        var (name, value) = Cut(line, ":");
        return new Field(Unescape(name), Unescape(value!.Trim(' ')));
    })];

    private static (string Before, string? After) Cut(string text, string separator) =>
        text.Split(separator, 2) is [var before, var after] ? (before, after) : (text, null);

    private static string Unescape(string text) => Repeated().Replace(
        Escaped().Replace(text, match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString()),
        match => string.Concat(Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))));

    [GeneratedRegex(@"\\x([0-9A-F]{2})")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\{([^{}]+)\*(\d+)\}")]
    private static partial Regex Repeated();
}
