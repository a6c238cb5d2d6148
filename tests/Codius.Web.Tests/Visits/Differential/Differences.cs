using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// All that may differ between a request and an answer of the app itself and those that went through the gateway. Whatever is not
/// here must be the same; what a developer has to know of it is in docs/deploying-an-app.md.
/// </summary>
internal static class Differences
{
    /// <summary>RFC 9110, 6.6.1: a recipient with a clock that passes on an answer without a date adds one.</summary>
    private const string AddedToAnswers = "Date";

    /// <summary>RFC 9110, 7.6.1: of one connection, so each side has its own.</summary>
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade"];

    /// <summary>What an app could command a proxy in front of the gateway with; the gateway leaves it out.</summary>
    private static readonly string[] RemovedFromAnswers = ["X-Sendfile", "X-Accel-Redirect"];

    public static bool IsHopByHop(string name) => HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What the gateway tells the app about its visitor.</summary>
    public static IReadOnlyList<Field> AddedToRequests(Wire wire) =>
    [
        new("X-Forwarded-For", "127.0.0.1"), // the visitor's address: the connection is the gateway's
        new("X-Forwarded-Host", Http1Client.Host), // the same as Host, for programs that look here
        new("X-Forwarded-Proto", wire.Scheme()), // the app's own connection is plain HTTP
    ];

    /// <summary>A request in the form in which it is compared.</summary>
    /// <param name="direct">The one that came to the app directly.</param>
    /// <param name="request">The same, or the one that came through the gateway.</param>
    /// <param name="through">How that one's client reached the gateway; null if there was none between.</param>
    public static string OfRequest(Message direct, Message request, Wire? through)
    {
        var fields = Compared(direct, request).ToList();
        foreach (var added in through is { } wire ? AddedToRequests(wire) : [])
            Assert.Equal(1, fields.RemoveAll(field => field.Is(added.Name) && field.Value == added.Value));
        var joined = from field in fields
                     group field.Value by field.Name.ToLowerInvariant() into named
                     select new Field(named.Key, string.Join(SeparatorOf(named.Key), named).Trim(' '));
        return Write(request.Start, joined, request);
    }

    /// <summary>An answer in the form in which it is compared.</summary>
    /// <param name="direct">The app's own.</param>
    /// <param name="answer">The same, or the one through the gateway.</param>
    /// <param name="wire">How the client reached the gateway.</param>
    public static string OfAnswer(Message direct, Message answer, Wire wire)
    {
        var fields = Compared(direct, answer).Where(field => !field.Is(AddedToAnswers) || direct[AddedToAnswers] is not null);
        if (ReferenceEquals(direct, answer))
            fields = fields.Where(field => !RemovedFromAnswers.Contains(field.Name, StringComparer.OrdinalIgnoreCase));
        // RFC 9110, 8.6: there is none with a 204.
        if (direct.Start.StartsWith("204", StringComparison.Ordinal)) fields = fields.Where(field => !field.Is("Content-Length"));
        // HTTP/2 has no reason phrase; an empty one gets the usual words.
        var start = wire.IsHttp2() || direct.Start.Length <= 4 ? answer.Start[..3] : answer.Start;
        // Of an answer that breaks off, what is under way may be lost.
        if (!direct.Whole) return answer.Whole ? "(whole)" : "(broken off)";
        // Without HTTP/2 there are no trailers: Kestrel sends none.
        var compared = wire.IsHttp2() ? answer : answer with { Trailers = [] };
        return string.Concat(answer.Interim.Select(interim => interim[..3] + "\n")) + Write(start, fields, compared);
    }

    /// <summary>Fails with the lines that only one of the two has.</summary>
    public static void AssertNone(string who, string direct, string through)
    {
        if (direct == through) return;
        var (mine, other) = (direct.Split('\n'), through.Split('\n'));
        Assert.Fail($"{who} without the gateway:\n{Only(mine, other)}\nand through it:\n{Only(other, mine)}");
    }

    /// <summary>RFC 9110, 5.2: the lines of one name may be joined to one line, which the gateway's client does.</summary>
    private static string SeparatorOf(string name) => name switch
    {
        "cookie" => "; ",
        "user-agent" => " ",
        _ => ", ",
    };

    /// <summary>The headers that are compared: an empty body's length may be stated where it was not, since that says the same.</summary>
    private static IEnumerable<Field> Compared(Message direct, Message message) =>
        from field in message.Fields
        where !IsHopByHop(field.Name)
        where message.Body.Length > 0 || direct["Content-Length"] is not null || !field.Is("Content-Length") || field.Value != "0"
        select field;

    /// <summary>All of it but for the headers of the connection.</summary>
    public static string Write(Message message) =>
        Write(message.Start, message.Fields.Where(field => !IsHopByHop(field.Name)), message);

    /// <summary>Names without case; headers by name, since that order means nothing; the values of one name in their order.</summary>
    private static string Write(string start, IEnumerable<Field> fields, Message message)
    {
        var text = new StringBuilder(start).Append('\n');
        foreach (var line in Lines(fields)) text.Append(line).Append('\n');
        text.Append('\n').Append(message.Body).Append('\n');
        foreach (var line in Lines(message.Trailers)) text.Append(line).Append('\n');
        return text.Append(message.Whole ? "" : "(broken off)").ToString();
    }

    private static IEnumerable<string> Lines(IEnumerable<Field> fields) =>
        from field in fields
        orderby field.Name.ToLowerInvariant()
        select $"{field.Name.ToLowerInvariant()}: {field.Value}";

    private static string Only(string[] lines, string[] others) =>
        string.Join('\n', lines.Except(others).DefaultIfEmpty("(the same lines, more or less often, or in another order)")
            .Select(line => "    " + (line.Length > 200 ? $"{line[..200]}... ({line.Length})" : line)));
}
