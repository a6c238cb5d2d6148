using CsCheck;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Exchanges that no one would write: any method, target, bytes in headers and bodies that may stand there.</summary>
internal static class MadeUpExchanges
{
    private const string TokenCharacters = "ABCXYZ019!#$%&'*+-.^_`|~";
    private const string TargetCharacters = "abcXYZ019/%.;?&=+-_~!$'()*,:@[]{}|\\^`\"<>";

    // Without those whose answers have no body, and those that the gateway may not pass on.
    private static readonly Gen<string> Method = Gen.OneOf(
        Gen.OneOf("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "SEARCH", "QUERY"), Token("M"));

    private static readonly Gen<string> Target = Text(TargetCharacters, 40).Where(text => !text.Contains("%00", StringComparison.Ordinal))
        .Select(text => "/" + text);

    private static readonly Gen<string> Value = Gen.Frequency(
            (3, Gen.Char[' ', '~']), (2, Gen.Char['\x80', '\xFF']), (1, Gen.Const('\t'))).Array[0, 40]
        .Select(characters => new string(characters).Trim(' ', '\t'));

    private static readonly Gen<Field[]> RequestFields = FieldsOf(
        "Accept", "Accept-Language", "Authorization", "Cookie", "Content-Language", "Content-Type", "From", "If-Match", "If-None-Match",
        "Origin", "Pragma", "Range", "Referer", "Sec-Fetch-Site", "User-Agent", "Via");

    private static readonly Gen<Field[]> AnswerFields = FieldsOf(
        "Accept-Ranges", "Age", "Cache-Control", "Content-Disposition", "Content-Language", "Content-Type", "ETag", "Expires",
        "Last-Modified", "Link", "Location", "Pragma", "Retry-After", "Server", "Set-Cookie", "Vary", "WWW-Authenticate");

    private static readonly Gen<string[]> Pieces = Gen.Char['\0', '\xFF'].Array[1, 3000].Select(bytes => new string(bytes)).Array[0, 4];

    // Other statuses have no body; the written cases have them.
    private static readonly Gen<string> Status = Gen.Select(
        Gen.Int[200, 999].Where(status => status is not (204 or 205 or 304)), Text("abc XYZ-'", 20),
        (status, reason) => $"{status} r{reason}".TrimEnd());

    public static readonly Gen<Exchange> All = Gen.Select(
        Message(Gen.Select(Method, Target, (method, target) => $"{method} {target}"), RequestFields),
        Message(Status, AnswerFields),
        (request, answer) => new Exchange(request, answer with { Fields = EndingSomehow(answer) }));

    private static Gen<MessageText> Message(Gen<string> start, Gen<Field[]> fields) => Gen.Select(start, fields, Pieces, Gen.Bool,
        (line, headers, pieces, chunked) => new MessageText(
            line, chunked && pieces.Length > 0 ? [.. headers, new Field("Transfer-Encoding", "chunked")] : headers, pieces, []));

    private static Field[] EndingSomehow(MessageText answer) =>
        answer.Pieces.Count > 0 ? [.. answer.Fields] : [.. answer.Fields, new Field("Content-Length", "0")];

    private static Gen<Field[]> FieldsOf(params string[] known) =>
        Gen.Select(Gen.OneOf(Gen.OneOf(known), Token("X-")), Value, (name, value) => new Field(name, value)).Array[0, 8];

    private static Gen<string> Token(string start) => Text(TokenCharacters, 12).Select(text => start + text);

    private static Gen<string> Text(string characters, int most) =>
        Gen.OneOf(characters.ToCharArray()).Array[0, most].Select(letters => new string(letters));
}
