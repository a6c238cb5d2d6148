using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Services;

/// <summary>
/// Lets pages of any origin use the services API, with credentials, as in 2020; a deploy token is in no cookie, so a page can only
/// send one it was given.
/// </summary>
internal static class ServicesCors
{
    private static readonly Problem Malformed = new(400, "malformed-origin", "The Origin of this request is not an origin",
        "Send scheme://host[:port] in ASCII (a domain in its xn-- form), or no Origin header.");

    /// <summary>Lets the page read the answer; false if the request was answered with 400.</summary>
    public static async ValueTask<bool> EnterAsync(HttpContext context)
    {
        RequestOrigin.Show(context, "Location, Warning");
        if (!RequestOrigin.IsMalformed(context.Request)) return true;
        await Problems.WriteAsync(context, Malformed);
        return false;
    }

    public static async Task PreflightAsync(HttpContext context)
    {
        if (!await EnterAsync(context)) return;
        context.Response.Headers.AccessControlAllowMethods = "GET, HEAD, PUT, DELETE";
        context.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        context.Response.Headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
