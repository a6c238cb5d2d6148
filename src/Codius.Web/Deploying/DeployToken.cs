using Codius.Web.Balances;

namespace Codius.Web.Deploying;

/// <summary>Reads the deploy token of a request; only its account is passed on, the token is never kept.</summary>
internal static class DeployToken
{
    /// <summary>The account, or null after the request was answered with the 401 of 2020.</summary>
    public static async ValueTask<AccountId?> ReadAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var scheme, var token]
            && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return AccountId.OfDeployToken(token);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.Headers.CacheControl = "no-store";
        if (header.Length == 0) return null;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("Authorization header format must be Bearer {token}\n", context.RequestAborted);
        return null;
    }
}
