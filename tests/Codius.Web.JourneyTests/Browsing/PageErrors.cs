using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>Collects the exceptions of a page's scripts and the violations of its policy.</summary>
internal static class PageErrors
{
    public static ConcurrentQueue<string> Of(IPage page)
    {
        var errors = new ConcurrentQueue<string>();
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // The page's own status (402, 503) is logged as a failed load.
            if (message.Type == "error" && !message.Text.Contains("the server responded with a status of", StringComparison.Ordinal))
                errors.Enqueue(message.Text);
        };
        return errors;
    }
}
