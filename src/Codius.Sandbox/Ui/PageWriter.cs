using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Ui;

/// <summary>Renders the wallet's pages under a strict content security policy, and checks where their forms come from.</summary>
internal sealed class PageWriter(SandboxSettings settings, IServiceProvider services, ILoggerFactory logs)
{
    /// <param name="context">The request.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="view">Makes the page's model with the nonce of the page's styles and scripts.</param>
    /// <param name="formsLeadTo">Another origin that the page's form leads to in the end; null for none.</param>
    public async Task WriteAsync<TPage, TView>(HttpContext context, int status, Func<string, TView> view, string? formsLeadTo = null)
        where TPage : IComponent
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view(nonce) });
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(parameters)).ToHtmlString());
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; base-uri "
                + $"'none'; form-action 'self'{(formsLeadTo is null ? "" : " " + formsLeadTo)}; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: under that, browsers send their forms with Origin: null.
        response.Headers["Referrer-Policy"] = "same-origin";
        await response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>CSRF: apps on this machine share the wallet's site; only forms of its own origin may spend or consent.</summary>
    public async ValueTask<bool> IsOwnFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin == settings.WalletOrigin && request.HasFormContentType) return true;
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync($"Only forms of {settings.WalletOrigin} itself are taken (Origin header).",
            context.RequestAborted);
        return false;
    }

    public static void SeeOther(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = location;
    }
}
