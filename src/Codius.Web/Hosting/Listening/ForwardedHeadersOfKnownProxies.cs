using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Listening;

/// <summary>Applies client, scheme and, where that is set, host from <c>X-Forwarded-*</c> headers, but only from known proxies.</summary>
internal static class ForwardedHeadersOfKnownProxies
{
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxies.Known.Count == 0) return app;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                | (proxies.SelectByForwardedHost ? ForwardedHeaders.XForwardedHost : ForwardedHeaders.None),
            // As many hops as there are known proxies; the first unknown one is the client.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Known) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        app.UseForwardedHeaders(options);
        return app;
    }
}
