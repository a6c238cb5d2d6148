namespace Codius.Web.Hosting;

/// <summary>Distinguishes a browser that opens a page from all other requests.</summary>
internal static class Navigation
{
    /// <summary>
    /// True if a person will see the answer. Browsers send <c>Sec-Fetch-Mode</c>; where they do not (plain HTTP on a real host name),
    /// they are the only clients that accept <c>text/html</c>.
    /// </summary>
    public static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] is { Count: > 0 } mode
            ? string.Equals(mode.ToString(), "navigate", StringComparison.OrdinalIgnoreCase)
            : request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
