using Microsoft.AspNetCore.Http;

namespace Codius.Sandbox.Ui;

/// <summary>The page's style sheet and script, embedded in the library.</summary>
internal static class WalletAssets
{
    public static async Task GetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["file"]!;
        await using var file = typeof(WalletAssets).Assembly.GetManifestResourceStream("Codius.Sandbox.Ui.Assets." + name);
        if (file is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8"
            : "text/javascript; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
