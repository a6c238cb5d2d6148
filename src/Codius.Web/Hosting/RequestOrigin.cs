using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Codius.Web.Hosting;

/// <summary>
/// Reads the <c>Origin</c> of a request. Only one that is well-formed, <c>scheme://host[:port]</c> in ASCII or <c>null</c>, is compared or
/// echoed: a header is any client's text, and a response with other bytes in a header cannot be sent.
/// </summary>
internal static partial class RequestOrigin
{
    /// <summary>The origin; false if the request has none, several, or one that is not well-formed.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out string? origin)
    {
        origin = request.Headers.Origin is [{ } text] && WellFormed().IsMatch(text) ? text : null;
        return origin is not null;
    }

    /// <summary>True if the request has an <c>Origin</c> that <see cref="TryRead"/> cannot read.</summary>
    public static bool IsMalformed(HttpRequest request) => request.Headers.Origin.Count > 0 && !TryRead(request, out _);

    /// <summary>True if the request came from this origin.</summary>
    public static bool Is(HttpRequest request, string expected) => TryRead(request, out var origin) && origin == expected;

    /// <summary>Lets a page of the request's origin read the response, with credentials, and these headers of it.</summary>
    public static void Show(HttpContext context, string exposedHeaders)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (!TryRead(context.Request, out var origin)) return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlExposeHeaders = exposedHeaders;
    }

    [GeneratedRegex(@"\A(?:null|[a-z][a-z0-9+.-]{0,63}://(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)\z")]
    private static partial Regex WellFormed();
}
