using Microsoft.Net.Http.Headers;

namespace Codius.Web.Payments.Setup;

/// <summary>A person who opens a payment pointer in a browser: led to the page that pays, since the documents are for programs.</summary>
internal static class PersonsRequest
{
    private const string Html = "text/html";

    /// <summary>
    /// True if the client names <c>text/html</c>, and nothing that a payer reads. Only <c>Accept</c> counts: the answer varies by it, and
    /// caches know nothing else.
    /// </summary>
    public static bool IsOf(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(type => Is(type, Html)) && !accepted.Any(IsForPayers);
    }

    public static void Lead(HttpContext context, string url)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = url;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static bool IsForPayers(MediaTypeHeaderValue type) =>
        type.Quality is not 0 && (type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase));

    private static bool Is(MediaTypeHeaderValue type, string name) =>
        type.Quality is not 0 && type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
}
