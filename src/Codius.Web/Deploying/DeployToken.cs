using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying;

/// <summary>Reads the deploy token of a request; only its account is passed on, the token is never kept.</summary>
internal static class DeployToken
{
    private const int MinLength = 16;
    private const int MinDifferent = 6;

    /// <summary>Why a text cannot be a deploy token; null if it can.</summary>
    public static string? Fault(string token) =>
        token.Length >= MinLength && token.Distinct().Count() >= MinDifferent ? null
            : $"A deploy token is money: it must have at least {MinLength} characters, {MinDifferent} of them different, so that nobody "
                + "guesses it. Make one with `openssl rand -hex 32`.";

    /// <summary>The account, or null after the request was answered with the 401 of 2020.</summary>
    public static async ValueTask<AccountId?> ReadAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var scheme, var token]
            && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            if (Fault(token) is not { } fault) return AccountId.OfDeployToken(token);
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            await Problems.WriteAsync(context, new Problem(401, "weak-deploy-token", "The deploy token can be guessed", fault));
            return null;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        context.Response.Headers.CacheControl = "no-store";
        if (header.Length == 0) return null;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("Authorization header format must be Bearer {token}\n", context.RequestAborted);
        return null;
    }
}
