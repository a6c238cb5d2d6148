using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Listening;

/// <summary>Applies client, scheme and host from <c>X-Forwarded-*</c> headers, but only from known proxies.</summary>
internal static class ForwardedHeadersOfKnownProxies
{
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        var known = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Known;
        if (known.Count == 0) return app;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // As many hops as there are known proxies; the first unknown one is the client.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in known) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        app.UseForwardedHeaders(options);
        return app;
    }
}
