namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Tells the app who is at the other end. What a known proxy said was read, and believed, before the visit began; it is
/// told here as the gateway's own word, and what anybody else wrote into such headers is dropped.
/// </summary>
internal static class ForwardedHeaders
{
    public static void Replace(HttpContext context, HttpRequestMessage outgoing)
    {
        var request = context.Request;
        Drop(request.Headers);
        var headers = outgoing.Headers;
        if (context.Connection.RemoteIpAddress is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        if (request.PathBase.HasValue) headers.TryAddWithoutValidation("X-Forwarded-Prefix", request.PathBase.Value);
    }

    private static void Drop(IHeaderDictionary headers)
    {
        List<string>? claimed = null;
        foreach (var header in headers)
            if (IsClaim(header.Key)) (claimed ??= []).Add(header.Key);
        if (claimed is null) return;
        foreach (var name in claimed) headers.Remove(name);
    }

    private static bool IsClaim(string name) =>
        name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase);
}
