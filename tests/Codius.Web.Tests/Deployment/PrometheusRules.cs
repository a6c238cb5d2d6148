using System.Text.RegularExpressions;

namespace Codius.Web.Tests.Deployment;

/// <summary>The rules of <c>deploy/observability</c>.</summary>
internal static partial class PrometheusRules
{
    private static readonly string File = Path.Combine(Kustomized.Folder, "observability", "rules.yaml");

    /// <summary>The groups of the PrometheusRule, as a file of rules.</summary>
    public static async Task<string> ReadAsync()
    {
        var lines = await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken);
        var spec = lines.SkipWhile(line => line != "spec:").Skip(1);
        return string.Concat(spec.Select(line => $"{(line.Length > 2 ? line[2..] : line)}\n"));
    }

    /// <summary>Its alerts, in their order.</summary>
    public static IReadOnlyList<PrometheusAlert> Alerts(string rules) =>
    [
        .. rules.Split("- alert: ").Skip(1).Select(text => new PrometheusAlert(
            text.Split('\n')[0], Of(RuleLabel(), text), Of(Severity(), text), Of(For(), text) ?? "")),
    ];

    private static string? Of(Regex value, string text) => value.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^ +rule: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex RuleLabel();

    [GeneratedRegex(@"^ +severity: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Severity();

    [GeneratedRegex(@"^ +for: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex For();
}

/// <summary>An alert of Prometheus.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rule">The gateway's rule that it repeats; null for none.</param>
/// <param name="Severity">Its severity; null if it is that of the series.</param>
/// <param name="For">How long its condition must hold.</param>
internal sealed record PrometheusAlert(string Name, string? Rule, string? Severity, string For);
