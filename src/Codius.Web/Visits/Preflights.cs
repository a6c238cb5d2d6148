namespace Codius.Web.Visits;

/// <summary>
/// Answers a preflight that reached no app, so that the page may send its request and read from the answer why there is no app: a
/// browser tells a script nothing of a preflight that was refused.
/// </summary>
internal static class Preflights
{
    /// <summary>
    /// Lets requests without credentials come, as every program may send them: nothing is decided in the app's place that protects a
    /// visitor's session. The app may be paid, and awake, by the time the request arrives; so nothing is remembered either.
    /// </summary>
    public static Task LetRequestComeAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.CacheControl = "no-store";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = "*";
        // The asterisk does not include Authorization.
        response.Headers.AccessControlAllowHeaders = "*, Authorization";
        response.Headers.AccessControlMaxAge = "0";
        return Task.CompletedTask;
    }
}
