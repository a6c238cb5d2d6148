using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// All that may differ between a request and an answer of the app itself and those that went through the gateway. Whatever is not
/// here must be the same; what a developer has to know of it is in docs/deploying-an-app.md.
/// </summary>
internal static class Differences
{
    /// <summary>RFC 9110, 7.6.1: of one connection, so each side has its own.</summary>
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade"];

    public static bool IsHopByHop(string name) => HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What the gateway tells the app about its visitor.</summary>
    public static IReadOnlyList<Field> AddedToRequests(Wire wire) =>
    [
        new("X-Forwarded-For", "127.0.0.1"), // the visitor's address: the connection is the gateway's
        new("X-Forwarded-Host", Http1Client.Host), // for programs that expect it; Host has the same
        new("X-Forwarded-Proto", wire.Scheme()), // the app itself sees plain HTTP
    ];

    /// <summary>RFC 9110, 6.6.1: who passes on an answer without a date adds one.</summary>
    private const string AddedToAnswers = "Date";

    /// <summary>Fails with the lines that only one of the two has.</summary>
    public static void AssertNone(string who, string direct, string through)
    {
        if (direct == through) return;
        var (mine, other) = (direct.Split('\n'), through.Split('\n'));
        Assert.Fail($"{who} without the gateway:\n{Only(mine, other)}\nand through it:\n{Only(other, mine)}");
    }

    private static string Only(string[] lines, string[] others) =>
        string.Join('\n', lines.Except(others).DefaultIfEmpty("(the same lines, more or less often, or in another order)")
            .Select(line => "    " + (line.Length > 200 ? $"{line[..200]}... ({line.Length})" : line)));

    /// <summary>A request in the form in which it is compared.</summary>
    public static string OfRequest(Message request, Wire? through)
    {
        var fields = request.Fields.ToList();
        if (through is { } wire)
            foreach (var added in AddedToRequests(wire)) Assert.Equal(1, fields.RemoveAll(field => field.Is(added.Name) && field.Value == added.Value));
        return Write(request.Start, fields, request, request.Trailers);
    }

    /// <summary>An answer in the form in which it is compared.</summary>
    /// <param name="direct">The app's own.</param>
    /// <param name="answer">The app's own, or the one through the gateway.</param>
    /// <param name="wire">How the client reached the gateway.</param>
    public static string OfAnswer(Message direct, Message answer, Wire wire)
    {
        var fields = answer.Fields.Where(field => !field.Is(AddedToAnswers) || direct[AddedToAnswers] is not null);
        var start = wire.IsHttp2() ? answer.Start.Split(' ')[0] : answer.Start;
        return string.Concat(answer.Interim.Select(interim => interim[..3] + "\n"))
            // HTTP/1.1 has trailers only for clients that asked for them, and Kestrel has none.
            + Write(start, fields, answer, wire.IsHttp2() ? answer.Trailers : []);
    }

    /// <summary>Names without case; headers by name, since their order means nothing; values of one name in their order.</summary>
    private static string Write(string start, IEnumerable<Field> fields, Message message, IEnumerable<Field> trailers)
    {
        var text = new StringBuilder(start).Append('\n');
        foreach (var line in Lines(fields)) text.Append(line).Append('\n');
        text.Append('\n').Append(message.Body).Append('\n');
        foreach (var line in Lines(trailers)) text.Append(line).Append('\n');
        return text.Append(message.Whole ? "" : "(broken off)").ToString();
    }

    private static IEnumerable<string> Lines(IEnumerable<Field> fields) =>
        from field in fields
        where !IsHopByHop(field.Name)
        orderby field.Name.ToLowerInvariant()
        select $"{field.Name.ToLowerInvariant()}: {field.Value}";
}
