using Microsoft.Extensions.Primitives;

namespace Codius.Web.Hosting;

/// <summary>
/// The gateway's own cookies: on an app's host browsers send them to the app's URLs too, but the gateway does not forward them.
/// </summary>
internal static class OwnCookies
{
    private const string Guarded = "__Host-";
    private const string ConsentName = "codius-consent";
    private const string SentName = "codius-sent";
    private const string AdminName = "codius-admin";

    /// <summary>
    /// The cookie that holds a payment until its payer consents. Browsers accept the prefix over https only; a test host on plain http
    /// uses none.
    /// </summary>
    public static string Consent(bool https) => https ? Guarded + ConsentName : ConsentName;

    /// <summary>The cookie that remembers, for a few minutes, a payment that the visitor's wallet accepted.</summary>
    public static string Sent(bool https) => https ? Guarded + SentName : SentName;

    /// <summary>The cookie that keeps an admin signed in to the dashboard, which is on another port.</summary>
    public static string Admin(bool https) => https ? Guarded + AdminName : AdminName;

    /// <summary>Removes them from a request; other cookies stay unchanged.</summary>
    public static void Remove(IHeaderDictionary headers)
    {
        var lines = headers.Cookie;
        if (!MayHaveOwn(lines)) return;
        string[] kept = [.. lines.Select(line => string.Join(';', (line ?? "").Split(';').Where(cookie => !IsOwn(cookie))).TrimStart(' '))
            .Where(line => line.Length > 0)];
        headers.Cookie = new StringValues(kept);
    }

    private static bool MayHaveOwn(StringValues lines)
    {
        foreach (var line in lines)
            if (line?.Contains("codius-", StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    // Ignoring case, as the gateway reads them.
    private static bool IsOwn(string cookie)
    {
        var equals = cookie.IndexOf('=', StringComparison.Ordinal);
        var name = cookie.AsSpan(0, equals < 0 ? cookie.Length : equals).Trim();
        if (name.StartsWith(Guarded, StringComparison.OrdinalIgnoreCase)) name = name[Guarded.Length..];
        return name.Equals(ConsentName, StringComparison.OrdinalIgnoreCase) || name.Equals(SentName, StringComparison.OrdinalIgnoreCase)
            || name.Equals(AdminName, StringComparison.OrdinalIgnoreCase);
    }
}
