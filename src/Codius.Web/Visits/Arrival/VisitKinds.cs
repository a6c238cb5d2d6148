using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Codius.Web.Visits.Arrival;

/// <summary>Classifies requests.</summary>
internal static class VisitKinds
{
    public static VisitKind Of(HttpRequest request)
    {
        if (IsPreflight(request)) return VisitKind.Preflight;
        if (IsPrefetch(request.Headers) || IsIcon(request.Path) || request.Path == "/robots.txt") return VisitKind.Incidental;
        return Navigation.IsNavigation(request) ? VisitKind.Navigation : VisitKind.Program;
    }

    public static bool IsIcon(PathString path) => path == "/favicon.ico";

    // The Fetch standard's preflight has no body; an OPTIONS with a body is an ordinary request and pays.
    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod)
        && request.Headers.ContainsKey(HeaderNames.Origin)
        && !request.Headers.ContainsKey(HeaderNames.Upgrade)
        && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };

    // "prefetch", or "prefetch;prerender" for a page that is rendered in advance.
    private static bool IsPrefetch(IHeaderDictionary headers) =>
        headers.TryGetValue("Sec-Purpose", out var purpose)
            && purpose.ToString().StartsWith("prefetch", StringComparison.OrdinalIgnoreCase);
}
