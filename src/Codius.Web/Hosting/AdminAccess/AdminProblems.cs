namespace Codius.Web.Hosting.AdminAccess;

/// <summary>What requests are told that may not do what they ask for on the management port.</summary>
internal static class AdminProblems
{
    public static Problem Missing { get; } = new(401, "admin-token-needed", "The admin token is needed",
        "Send it as 'Authorization: Bearer ...', or as the password when a browser asks. In Development it is in the file admin-token "
            + "in the data folder.");

    public static Problem Expired { get; } = new(401, "admin-token-expired", "This admin token has expired",
        "Have a new one made: POST /admin/api/v1/tokens with a token that may.");

    public static Problem WrongOrigin { get; } = new(403, "wrong-origin", "This request came from another site",
        "A browser may change things only from the gateway's own admin pages.");

    public static Problem LockedOut(TimeSpan wait) => new(429, "locked-out", "Too many wrong admin tokens came from this address",
        "Until the time in Retry-After is over, only sessions, tokens that the API has made, and a token of 32 hexadecimal digits or "
            + "more in the settings work from here. From another address all do.")
    {
        RetryAfter = RetryAfter.SecondsOf(wait),
    };

    /// <summary>Writes a refusal, and how to authenticate if that is what it asks for.</summary>
    public static Task WriteAsync(HttpContext context, Problem refusal)
    {
        if (refusal.Status == 401)
            context.Response.Headers.WWWAuthenticate = new[] { "Bearer", "Basic realm=\"Codius host\", charset=\"UTF-8\"" };
        return Problems.WriteAsync(context, refusal);
    }

    /// <summary>True for a change that a browser sends from another site: it would add a password that it has cached.</summary>
    public static bool IsFromElsewhere(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && request.Headers.Origin.Count > 0 && !RequestOrigin.Is(request, $"{request.Scheme}://{request.Host}");
}
