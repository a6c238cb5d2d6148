namespace Codius.Web.Hosting.Rates;

/// <summary>The answer to a request over its rate.</summary>
internal static class TooManyRequests
{
    public const string OfClient = "Too many requests came from this address. Wait, then try again.";
    public const string OfAccount = "Too many requests came for this account. Wait, then try again.";

    public static Task WriteAsync(HttpContext context, TimeSpan wait, string detail) =>
        Problems.WriteAsync(context, new Problem(429, "too-many-requests", "Too many requests", detail)
        {
            RetryAfter = RetryAfter.SecondsOf(wait),
        });
}
