using Codius.Web.Admin.Access;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Admin.Dashboard.Sessions;

/// <summary>Signing in with an admin token, and signing out.</summary>
internal static class SignInEndpoint
{
    private const int LongestToken = 512;
    private const long LongestForm = 16 * 1024;

    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(SessionFilter.SignInPath, (HttpContext context) => ShowAsync(context, StatusCodes.Status200OK, null));
        endpoints.MapPost(SessionFilter.SignInPath, SignInAsync);
        endpoints.MapPost("/admin/sign-out", (HttpContext context) =>
        {
            AdminSessions.End(context);
            return SeeOther(context, SessionFilter.SignInPath);
        }).RequireAnySession();
        return endpoints;
    }

    /// <summary>Sends a browser on after a form, so that a reload does not send it again.</summary>
    public static Task SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        context.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private static async Task SignInAsync(HttpContext context)
    {
        var request = context.Request;
        // Another site could sign a browser in with a token of its own choice, to see what its owner does there.
        if (!RequestOrigin.Is(request, $"{request.Scheme}://{request.Host}"))
        {
            await Problems.WriteAsync(context, AdminProblems.WrongOrigin);
            return;
        }
        if (!request.HasFormContentType || request.ContentLength is not <= LongestForm)
        {
            await ShowAsync(context, StatusCodes.Status400BadRequest, "Send the form with an admin token.");
            return;
        }
        var token = (await request.ReadFormAsync(context.RequestAborted))["token"].ToString().Trim();
        if (token.Length is 0 or > LongestToken)
        {
            await ShowAsync(context, StatusCodes.Status400BadRequest, "Enter an admin token.");
            return;
        }
        var services = context.RequestServices;
        var (_, refusal) = await services.GetRequiredService<AdminAuthentication>()
            .OfTokenAsync(token, context.Connection.RemoteIpAddress);
        if (refusal is not null)
        {
            if (refusal.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await ShowAsync(context, refusal.Status, refusal.Status switch
            {
                StatusCodes.Status401Unauthorized when refusal.Code == AdminProblems.Missing.Code => "This is no admin token of this host.",
                StatusCodes.Status429TooManyRequests =>
                    $"Too many wrong tokens came from your address. Try again in {refusal.RetryAfter} seconds.",
                _ => refusal.Title + ".",
            });
            return;
        }
        services.GetRequiredService<AdminSessions>().Begin(context, AdminToken.Hash(token));
        await SeeOther(context, BackPath(request.Query["to"]));
    }

    private static Task ShowAsync(HttpContext context, int status, string? error) =>
        context.RequestServices.GetRequiredService<RazorPage>().WriteAsync<SignInPage>(context, status, new Dictionary<string, object?>
        {
            ["Action"] = SessionFilter.SignInPath + "?to=" + Uri.EscapeDataString(BackPath(context.Request.Query["to"])),
            ["Error"] = error,
            ["InDevelopment"] = context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment(),
        }, framable: false);

    // A path of the dashboard: no other site, and no scheme-relative URL.
    private static string BackPath(string? to) =>
        to is { Length: <= 500 } && to.StartsWith("/admin/", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal)
            && !to.Any(char.IsControl) && to.All(char.IsAscii) ? to : "/admin/";
}
