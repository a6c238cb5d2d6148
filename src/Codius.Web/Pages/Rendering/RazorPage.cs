using System.Security.Cryptography;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Rendering;

/// <summary>Renders a component as a whole HTML response: status, <c>no-store</c>, a content security policy with a nonce.</summary>
internal sealed class RazorPage(IServiceProvider services, ILoggerFactory logs, HostNames names, IOptions<Hosting.HostOptions> host)
{
    /// <summary>Writes the page; <paramref name="parameters"/> are the component's, its <c>Frame</c> is added.</summary>
    public async Task WriteAsync<TPage>(HttpContext context, int status, IDictionary<string, object?> parameters, bool framable = true)
        where TPage : IComponent
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        parameters["Frame"] = new PageFrame(nonce, host.Value.DisplayName, names.Origin);
        var html = await RenderAsync<TPage>(ParameterView.FromDictionary(parameters));

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy(nonce, framable);
        response.Headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: with that, browsers post forms with Origin: null.
        response.Headers["Referrer-Policy"] = "same-origin";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>Renders a component alone: a part of a page that is sent later.</summary>
    public async Task<string> RenderAsync<TPart>(ParameterView parameters) where TPart : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPart>(parameters)).ToHtmlString());
    }

    // Receipts are posted to the host's origin; on the host's own pages it equals 'self'.
    private string Policy(string nonce, bool framable) =>
        $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self' {names.Origin}; "
        + $"base-uri 'none'; form-action 'self'{(framable ? "" : "; frame-ancestors 'none'")}";
}
