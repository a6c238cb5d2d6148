using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Hosting.Listening;

/// <summary>
/// Answers plain HTTP with the same address over https. The address is built from the host's own names, so no header of a request
/// leads a visitor elsewhere.
/// </summary>
internal static class HttpsRedirect
{
    public static RequestDelegate To(HostNames names) => context =>
    {
        var match = names.Read(context.Request.Host.Value);
        if (match.Kind == HostMatchKind.None) return Problems.WriteAsync(context, Problem.NoSuchApp);
        var origin = match.Kind == HostMatchKind.Host ? names.Origin : names.OriginOf(match.Label);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = origin + TargetOf(context);
        return Task.CompletedTask;
    };

    private static string TargetOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        // As it was sent; but a proxy's form has a host of its own, and a header has no other letters.
        return target is ['/', ..] && Ascii.IsValid(target) ? target
            : context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
    }
}
