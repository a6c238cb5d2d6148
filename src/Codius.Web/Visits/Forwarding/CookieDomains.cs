using System.Buffers;
using Codius.Web.Hosting;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Confines an app's cookies to the app: a cookie keeps its <c>Domain</c> only if that is the app's own host name or one below it.
/// Without the attribute the cookie belongs to the app's host name alone.
/// </summary>
internal sealed class CookieDomains(HostNames names)
{
    // Browsers canonicalize a domain before they compare it: percent-encoded, full-width and other Unicode forms of the host's
    // domain all become that domain. So the rule names what may stay, and not what must go.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <param name="headers">The headers of the app's answer.</param>
    /// <param name="label">The label under the host's domain that the request was for.</param>
    public void Narrow(IHeaderDictionary headers, string label)
    {
        var cookies = headers.SetCookie;
        if (cookies.Count == 0) return;
        string[]? narrowed = null;
        for (var i = 0; i < cookies.Count; i++)
        {
            if (!TryNarrow(cookies[i], label, out var cookie)) continue;
            narrowed ??= cookies.ToArray()!;
            narrowed[i] = cookie;
        }
        if (narrowed is not null) headers.SetCookie = new StringValues(narrowed);
    }

    /// <summary>Removes every domain that is not the app's own; false if the cookie has none.</summary>
    public bool TryNarrow(string? cookie, string label, out string narrowed)
    {
        narrowed = cookie ?? "";
        if (!narrowed.Contains("domain", StringComparison.OrdinalIgnoreCase)) return false;
        var parts = narrowed.Split(';');
        // The first part is the cookie's name and value, even if the name is "domain".
        var kept = parts.Where((part, at) => at == 0 || !IsOthersDomain(part, label)).ToArray();
        narrowed = string.Join(';', kept);
        return kept.Length < parts.Length;
    }

    private bool IsOthersDomain(string attribute, string label)
    {
        var equals = attribute.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !attribute.AsSpan(0, equals).Trim().Equals("domain", StringComparison.OrdinalIgnoreCase)) return false;
        // Browsers trim these two only, and ignore an empty domain and one dot in front.
        var domain = attribute.AsSpan(equals + 1).Trim(" \t");
        return domain.Length > 0 && !IsOwn(domain[0] == '.' ? domain[1..] : domain, label);
    }

    private bool IsOwn(ReadOnlySpan<char> domain, string label)
    {
        var own = names.HostNameOf(label);
        return !domain.ContainsAnyExcept(Plain) && domain.EndsWith(own, StringComparison.OrdinalIgnoreCase)
            && (domain.Length == own.Length || domain[^(own.Length + 1)] == '.');
    }
}
