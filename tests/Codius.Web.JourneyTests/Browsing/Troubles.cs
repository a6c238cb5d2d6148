using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>Collects what a page's scripts throw and what its policy refuses.</summary>
internal static class Troubles
{
    public static ConcurrentQueue<string> Of(IPage page)
    {
        var troubles = new ConcurrentQueue<string>();
        page.PageError += (_, error) => troubles.Enqueue(error);
        page.Console += (_, message) =>
        {
            // The page's own status (402, 503) is told as an error of loading it.
            if (message.Type == "error" && !message.Text.Contains("the server responded with a status of", StringComparison.Ordinal))
                troubles.Enqueue(message.Text);
        };
        return troubles;
    }
}
