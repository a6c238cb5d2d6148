namespace Codius.Web.Deploying.Services;

/// <summary>
/// Lets pages of any origin use the services API, with credentials, as in 2020; a deploy token is in no cookie, so a page can only
/// send one it was given.
/// </summary>
internal static class ServicesCors
{
    public static void Allow(HttpContext context)
    {
        context.Response.Headers.Vary = "Origin";
        if (context.Request.Headers.Origin is not { Count: 1 } origin) return;
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowCredentials = "true";
        context.Response.Headers.AccessControlExposeHeaders = "Location, Warning";
    }

    public static Task PreflightAsync(HttpContext context)
    {
        Allow(context);
        context.Response.Headers.AccessControlAllowMethods = "GET, PUT";
        context.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        context.Response.Headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
