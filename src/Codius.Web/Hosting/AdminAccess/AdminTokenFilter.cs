using Codius.Web.Hosting.Rates;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>Rejects requests without the admin token.</summary>
internal static class AdminTokenFilter
{
    private static readonly Problem Missing = new(401, "admin-token-needed", "The admin token is needed",
        "Send it as 'Authorization: Bearer ...', or as the password when a browser asks. In Development it is in the file admin-token "
            + "in the data folder.");

    private static readonly Problem WrongOrigin = new(403, "wrong-origin", "This request came from another site",
        "A browser may change things only from the gateway's own admin pages.");

    public static TBuilder RequireAdminToken<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => Refusal(context) is { } refusal ? RefuseAsync(context, refusal) : next(context);
        });
        // Guesses have the default rate; the owner of the token is not slowed down by them.
        return endpoints.WithRateUnless("the admin token", HasToken);
    }

    private static Problem? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (!HasToken(context)) return Missing;
        // A browser that has cached the password would send it from any site's form.
        var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return safe || request.Headers.Origin.Count == 0 || RequestOrigin.Is(request, $"{request.Scheme}://{request.Host}")
            ? null
            : WrongOrigin;
    }

    private static bool HasToken(HttpContext context) =>
        context.RequestServices.GetRequiredService<AdminToken>().Admits(context.Request.Headers.Authorization);

    private static Task RefuseAsync(HttpContext context, Problem refusal)
    {
        if (refusal.Status == 401)
            context.Response.Headers.WWWAuthenticate = new[] { "Bearer", "Basic realm=\"Codius host\", charset=\"UTF-8\"" };
        return Problems.WriteAsync(context, refusal);
    }
}
