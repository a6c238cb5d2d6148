using System.Net.Http.Headers;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Writes the client's address, scheme and host into the <c>X-Forwarded-*</c> headers. Those of a known proxy were already applied
/// to the request before the visit began; all such headers, in any spelling, are replaced by the gateway's own, so a client cannot forge
/// them.
/// </summary>
internal static class ForwardedHeaders
{
    /// <param name="request">The client's request.</param>
    /// <param name="outgoing">The request for the app, with the client's headers.</param>
    public static void Replace(HttpRequest request, HttpRequestMessage outgoing)
    {
        var headers = outgoing.Headers;
        Drop(headers);
        if (request.HttpContext.Connection.RemoteIpAddress is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        if (request.PathBase.HasValue) headers.TryAddWithoutValidation("X-Forwarded-Prefix", request.PathBase.Value);
    }

    private static void Drop(HttpRequestHeaders headers)
    {
        List<string>? claimed = null;
        foreach (var header in headers.NonValidated)
            if (IsClaim(header.Key)) (claimed ??= []).Add(header.Key);
        if (claimed is null) return;
        foreach (var name in claimed) headers.Remove(name);
    }

    /// <summary>Many servers of apps (CGI, WSGI, PHP) do not tell <c>X_Forwarded_For</c> from <c>X-Forwarded-For</c>.</summary>
    private static bool IsClaim(string name) =>
        IsClaimOf(name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name);

    private static bool IsClaimOf(string name) =>
        name.StartsWith("X-", StringComparison.OrdinalIgnoreCase)
            ? name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
            : name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase);
}
