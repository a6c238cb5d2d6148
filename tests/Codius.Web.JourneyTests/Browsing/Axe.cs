using System.Text.Json;
using Codius.Testing;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>Checks a page in its present state with axe-core: roles, labels, contrast, landmarks, best practices.</summary>
internal static class Axe
{
    private const string Run =
        "() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
        + ".then(found => found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}: ${node.failureSummary}`)))";

    private static readonly Lazy<string> Source = new(() =>
    {
        var file = Path.Combine(Repository.Root, "tests/Codius.Web.JourneyTests/node_modules/axe-core/axe.min.js");
        return File.Exists(file) ? File.ReadAllText(file)
            : throw new InvalidOperationException("axe is missing: run npm ci in tests/Codius.Web.JourneyTests (test.sh does).");
    });

    public static async Task<IReadOnlyList<string>> CheckAsync(IPage page)
    {
        // Through the debugger: the page's own policy would refuse a script element.
        await page.EvaluateAsync(Source.Value);
        var violations = await page.EvaluateAsync<JsonElement>(Run);
        return [.. violations.EnumerateArray().Select(violation => violation.GetString()!)];
    }
}
