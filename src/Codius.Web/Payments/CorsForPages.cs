namespace Codius.Web.Payments;

/// <summary>Lets scripts of any origin read a response (CORS): payers' agents and pages of 2020 are not on the host's origin.</summary>
internal static class CorsForPages
{
    public static void Allow(HttpContext context) => context.Response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>Answers a preflight, or a plain OPTIONS.</summary>
    public static Task PreflightAsync(HttpContext context, string methods, string headers)
    {
        Allow(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = methods;
        context.Response.Headers.AccessControlAllowMethods = methods;
        context.Response.Headers.AccessControlAllowHeaders = headers;
        context.Response.Headers.AccessControlMaxAge = "3600";
        return Task.CompletedTask;
    }
}
