using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Admin.Access;

/// <summary>What an endpoint of the owner's requires of an admin's token.</summary>
internal sealed record RequiredScopes(IReadOnlyList<AdminScope> Scopes);

/// <summary>The name under which an endpoint's changes are in the audit log.</summary>
internal sealed record AuditAction(string Name);

/// <summary>Endpoints that only admins with a scope may use.</summary>
internal static class AdminAccess
{
    private static readonly object Key = new();

    /// <summary>Only admins whose token has all these scopes get through: 401, 403 and 429 are answered before the endpoint.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, params AdminScope[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => EnterAsync(context, scopes, next);
        });
        // Guesses have the default rate; admins are not slowed down by them.
        return endpoints.WithMetadata(new RequiredScopes(scopes)).WithRateUnless("an admin token", IsKnown);
    }

    /// <summary>Declares that the endpoint writes its changes to the audit log under this name.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoints, string action) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new AuditAction(action));

    /// <summary>The admin that the request is from; only behind <see cref="RequireScope"/>.</summary>
    public static AdminIdentity Admin(this HttpContext context) =>
        context.Items[Key] as AdminIdentity ?? throw new InvalidOperationException("The endpoint requires no scope.");

    /// <summary>Keeps who the request is from, for an endpoint that authenticates in another way.</summary>
    public static void SetAdmin(this HttpContext context, AdminIdentity admin) => context.Items[Key] = admin;

    private static async Task EnterAsync(HttpContext context, IReadOnlyList<AdminScope> scopes, RequestDelegate next)
    {
        var authentication = context.RequestServices.GetRequiredService<AdminAuthentication>();
        var (admin, refusal) = await authentication.OfTokenAsync(
            AdminCredential.Read(context.Request.Headers.Authorization), context.Connection.RemoteIpAddress,
            reads: scopes is [AdminScope.Read]);
        if (admin is not null && AdminProblems.IsFromElsewhere(context.Request)) refusal = AdminProblems.WrongOrigin;
        else if (admin is not null && !admin.HasAll(scopes)) refusal = TooNarrow(scopes);
        refusal ??= context.RequestServices.GetRequiredService<ChangeRate>().Refusal(context.Request, admin!);
        if (refusal is not null)
        {
            await AdminProblems.WriteAsync(context, refusal);
            return;
        }
        context.SetAdmin(admin!);
        context.Response.Headers.CacheControl = "no-store";
        await next(context);
    }

    private static bool IsKnown(HttpContext context) => context.RequestServices.GetRequiredService<AdminAuthentication>()
        .Knows(AdminCredential.Read(context.Request.Headers.Authorization));

    private static Problem TooNarrow(IReadOnlyList<AdminScope> scopes) => new(403, "scope-needed", "This admin token may not do that",
        $"It needs the {(scopes.Count == 1 ? "scope" : "scopes")} {string.Join(", ", scopes.Select(AdminScopes.NameOf))}.");
}
