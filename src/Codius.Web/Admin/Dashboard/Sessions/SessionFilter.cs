using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Admin.Dashboard.Sessions;

/// <summary>An endpoint that only a signed-in browser may use; without scopes, one with any token, also one that has ended since.</summary>
internal sealed record RequiredSession(IReadOnlyList<AdminScope> Scopes);

/// <summary>Pages of the dashboard: only for a browser that signed in, with a token that has the scope.</summary>
internal static class SessionFilter
{
    public const string SignInPath = "/admin/sign-in";

    private const long LongestForm = 64 * 1024;

    private static readonly object Key = new();

    private static readonly Problem NotFromForm = new(403, "form-outdated", "This form is not of your session",
        "It was opened before you signed in, or another site sent it. Go back, reload the page, and try again.");

    /// <summary>Others are sent to the page to sign in; a form must carry its session's token, from the dashboard's own origin.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoints, params IReadOnlyList<AdminScope> scopes)
        where TBuilder : IEndpointConventionBuilder =>
        scopes.Count > 0 ? endpoints.Require(scopes) : throw new ArgumentException("A page needs a scope.", nameof(scopes));

    /// <summary>A session with any token, also one that has ended since: to sign out.</summary>
    public static TBuilder RequireAnySession<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.Require([]);

    /// <summary>The session of the request; only behind <c>RequireSession</c>.</summary>
    public static AdminSession Session(this HttpContext context) => (AdminSession)context.Items[Key]!;

    /// <summary>The frame of a page of the dashboard for the request's admin.</summary>
    public static AdminFrame AdminFrame(this HttpContext context, string section) =>
        new(context.Admin().Name, context.RequestServices.GetRequiredService<AdminSessions>().FormTokenOf(context.Session()), section);

    private static TBuilder Require<TBuilder>(this TBuilder endpoints, IReadOnlyList<AdminScope> scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => EnterAsync(context, scopes, inside => AdminPage.AnswerAsync(inside, next));
        });
        return endpoints.WithMetadata(new RequiredSession(scopes)).WithRateUnless("a signed-in browser", IsKnown);
    }

    private static async Task EnterAsync(HttpContext context, IReadOnlyList<AdminScope> scopes, RequestDelegate next)
    {
        var services = context.RequestServices;
        var sessions = services.GetRequiredService<AdminSessions>();
        if (!sessions.TryRead(context, out var session))
        {
            await AskToSignInAsync(context);
            return;
        }
        if (scopes.Count == 0)
        {
            if (await IsForgedAsync(context, sessions, session)) await Problems.WriteAsync(context, NotFromForm);
            else await next(context);
            return;
        }
        // Its token may have been revoked, or have ended, since.
        var (admin, refusal) = await services.GetRequiredService<AdminAuthentication>()
            .OfSessionAsync(Convert.FromBase64String(session.TokenHash), context.Connection.RemoteIpAddress);
        if (refusal is { Status: 401 })
        {
            AdminSessions.End(context);
            await AskToSignInAsync(context);
            return;
        }
        refusal ??= admin!.HasAll(scopes) ? null : TooNarrow(scopes);
        refusal ??= await IsForgedAsync(context, sessions, session) ? NotFromForm : null;
        refusal ??= services.GetRequiredService<ChangeRate>().Refusal(context.Request, admin!);
        if (refusal is not null)
        {
            await Problems.WriteAsync(context, refusal);
            return;
        }
        context.SetAdmin(admin!);
        context.Items[Key] = session;
        await next(context);
    }

    private static async ValueTask<bool> IsForgedAsync(HttpContext context, AdminSessions sessions, AdminSession session)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return false;
        if (AdminProblems.IsFromElsewhere(request) || !request.HasFormContentType || request.ContentLength is not <= LongestForm)
            return true;
        var form = await request.ReadFormAsync(context.RequestAborted);
        return !sessions.IsFormToken(session, form[Rendering.AdminFrame.FormField]);
    }

    private static Task AskToSignInAsync(HttpContext context)
    {
        if (!Navigation.IsNavigation(context.Request)) return AdminProblems.WriteAsync(context, AdminProblems.Missing);
        context.Response.Headers.CacheControl = "no-store";
        var back = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString : "/admin/";
        context.Response.Redirect($"{SignInPath}?to={Uri.EscapeDataString(back)}");
        return Task.CompletedTask;
    }

    private static bool IsKnown(HttpContext context) =>
        context.RequestServices.GetRequiredService<AdminSessions>().TryRead(context, out _);

    private static Problem TooNarrow(IReadOnlyList<AdminScope> scopes) => new(403, "scope-needed", "Your admin token may not do that",
        $"It needs the {(scopes.Count == 1 ? "scope" : "scopes")} {string.Join(", ", scopes.Select(AdminScopes.NameOf))}. "
        + $"Sign in with one that has {(scopes.Count == 1 ? "it" : "them")}.");
}
