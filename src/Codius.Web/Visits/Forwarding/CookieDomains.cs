using Codius.Web.Hosting;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Confines an app's cookies to the app: one with a <c>Domain</c> at or above the host's domain would be sent to the host and every
/// other app, so that attribute is removed and the cookie belongs to the app's host name alone.
/// </summary>
internal sealed class CookieDomains(HostNames names)
{
    public void Narrow(IHeaderDictionary headers)
    {
        var cookies = headers.SetCookie;
        if (cookies.Count == 0) return;
        string[]? narrowed = null;
        for (var i = 0; i < cookies.Count; i++)
        {
            if (!TryNarrow(cookies[i], out var cookie)) continue;
            narrowed ??= cookies.ToArray()!;
            narrowed[i] = cookie;
        }
        if (narrowed is not null) headers.SetCookie = new StringValues(narrowed);
    }

    /// <summary>Removes domains that are too wide; false if the cookie has none.</summary>
    public bool TryNarrow(string? cookie, out string narrowed)
    {
        narrowed = cookie ?? "";
        if (!narrowed.Contains("domain", StringComparison.OrdinalIgnoreCase)) return false;
        var parts = narrowed.Split(';');
        // The first part is the cookie's name and value, even if the name is "domain".
        var kept = parts.Where((part, at) => at == 0 || !IsTooWide(part)).ToArray();
        narrowed = string.Join(';', kept);
        return kept.Length < parts.Length;
    }

    private bool IsTooWide(string attribute)
    {
        var equals = attribute.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !attribute.AsSpan(0, equals).Trim().Equals("domain", StringComparison.OrdinalIgnoreCase)) return false;
        var domain = attribute.AsSpan(equals + 1).Trim().Trim('.');
        var host = names.Domain.AsSpan();
        return domain.Length > 0 && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');
    }
}
