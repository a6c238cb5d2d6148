using Codius.Web.Hosting.Rates;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>An endpoint that only programs with the admin token of the settings may use.</summary>
internal sealed record RequiredAdminToken;

/// <summary>Rejects requests without the admin token of the settings: for the internal programs of a host.</summary>
internal static class AdminTokenFilter
{
    public static TBuilder RequireAdminToken<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
                Refusal(context) is { } refusal ? AdminProblems.WriteAsync(context, refusal) : next(context);
        });
        // Guesses have the default rate; the owner of the token is not slowed down by them.
        return endpoints.WithMetadata(new RequiredAdminToken()).WithRateUnless("the admin token", HasToken);
    }

    private static Problem? Refusal(HttpContext context)
    {
        var (client, services) = (context.Connection.RemoteIpAddress, context.RequestServices);
        var lockout = services.GetRequiredService<GuessLockout>();
        if (AdminCredential.Read(context.Request.Headers.Authorization) is not { } token) return AdminProblems.Missing;
        var (hash, first) = (AdminToken.Hash(token), services.GetRequiredService<AdminToken>());
        // One that is beyond guesses is let through, as in AdminAuthentication.
        if (!(first.IsBeyondGuesses && first.HasHash(hash)) && lockout.WaitOf(client) is { } wait) return AdminProblems.LockedOut(wait);
        if (first.HasHash(hash)) return AdminProblems.IsFromElsewhere(context.Request) ? AdminProblems.WrongOrigin : null;
        lockout.Guessed(client, hash);
        return AdminProblems.Missing;
    }

    private static bool HasToken(HttpContext context) =>
        context.RequestServices.GetRequiredService<AdminToken>().Admits(context.Request.Headers.Authorization);
}
