using System.Globalization;
using Codius.Testing;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>The tables of <c>docs/reliability.md</c>, which a run of all faults writes between two markers.</summary>
internal sealed class ReliabilityPage
{
    private const string Rewrite = "CODIUS_WRITE_DOCS";
    private const string Start = "<!-- The tables, as written by the run. -->";
    private const string End = "<!-- The end of the tables. -->";

    private readonly List<FaultResult> _results = [];

    public static string File { get; } = Path.Combine(Repository.Root, "docs", "reliability.md");

    public void Add(FaultResult result) => _results.Add(result);

    /// <summary>The row of what each sees, with the bounds.</summary>
    public static string Promised(Fault fault)
    {
        var within = $"{fault.Within.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s";
        return $"| {fault.Name} | {fault.Visitor} | {within} | {fault.Developer} | {fault.Payer} | {fault.Host} |";
    }

    public static string MeasuredStart(Fault fault) => $"| {fault.Name} | ";

    /// <summary>The row of what was measured.</summary>
    public static string Measured(FaultResult result)
    {
        var logs = result.Logs.All.ToList();
        string[] cells =
        [
            $"{logs.Sum(log => log.Good)}", $"{logs.Sum(log => log.Count(503))}", $"{logs.Sum(log => log.Cut)}",
            $"{logs.Sum(log => log.Refused)}", Of(result.Logs.Funded.Max(log => log.LongestBad)), Of(logs.Max(log => log.LongestWait)),
            Of(result.Recovered.Max()),
            $"{result.Packets}", $"{result.Repeats}", $"{result.Unpaid}",
        ];
        return MeasuredStart(result.Fault) + string.Join(" | ", cells) + " |";
    }

    /// <summary>Writes the page if that is wanted and every fault was run.</summary>
    public async Task SaveAsync(TimeSpan span)
    {
        if (Environment.GetEnvironmentVariable(Rewrite) is not "1" || _results.Count < AllFaults.List.Count) return;
        var page = await System.IO.File.ReadAllTextAsync(File);
        var (start, end) = (page.IndexOf(Start, StringComparison.Ordinal) + Start.Length, page.IndexOf(End, StringComparison.Ordinal));
        await System.IO.File.WriteAllTextAsync(File, page[..start] + Tables(span) + page[end..]);
    }

    private string Tables(TimeSpan span)
    {
        var seconds = span.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var ordered = AllFaults.List.Select(fault => _results.Last(result => result.Fault == fault));
        return $"""


            | fault | a visitor sees | well after it within | an app's developer sees | a payer sees | the host loses |
            |---|---|---:|---|---|---|
            {string.Join('\n', AllFaults.List.Select(Promised))}

            Measured in one run, each fault for {seconds} s or longer:

            | fault | 200 | 503 | cut off | refused | without a 200 | longest wait | errors after it | packets | sent again | not paid |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            {string.Join('\n', ordered.Select(Measured))}


            """;
    }

    private static string Of(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
