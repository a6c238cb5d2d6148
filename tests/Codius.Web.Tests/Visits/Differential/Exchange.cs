namespace Codius.Web.Tests.Visits.Differential;

/// <summary>A request and the app's answer to it, as a line of the corpus: <c>request => answer</c>, or one of the two alone.</summary>
internal sealed record Exchange(MessageText Request, MessageText Answer)
{
    private const string PlainRequest = "GET /";
    private const string PlainAnswer = "200 OK || hello";

    public string Method => Request.Start[..Request.Start.IndexOf(' ', StringComparison.Ordinal)];

    public override string ToString() => $"{Request} => {Answer}";

    public static Exchange Parse(string line)
    {
        var parts = line.Split(" => ");
        if (parts.Length == 1) parts = char.IsAsciiDigit(line[0]) ? [PlainRequest, line] : [line, PlainAnswer];
        return new Exchange(MessageText.Parse(parts[0]), MessageText.Parse(parts[1]));
    }
}
