namespace Codius.Web.Hosting;

/// <summary>Tells a person's browser opening a page from everything else that sends requests.</summary>
internal static class Navigation
{
    /// <summary>
    /// True if the answer will be looked at by a person. Browsers say so themselves (<c>Sec-Fetch-Mode</c>); where they
    /// do not (plain HTTP on a real host name), only they name <c>text/html</c> as what they want.
    /// </summary>
    public static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] is { Count: > 0 } mode
            ? string.Equals(mode.ToString(), "navigate", StringComparison.OrdinalIgnoreCase)
            : request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
