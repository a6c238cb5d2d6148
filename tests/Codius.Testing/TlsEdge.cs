using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Testing;

/// <summary>A reverse proxy that terminates TLS in front of a gateway, as an ingress does, and adds <c>X-Forwarded-*</c>.</summary>
internal sealed class TlsEdge : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpMessageInvoker _client;

    private TlsEdge(WebApplication server, HttpMessageInvoker client) => (_server, _client) = (server, client);

    /// <summary>Where it listens; the gateway's public URL contains it, so it starts first.</summary>
    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <summary>The port of the gateway behind it.</summary>
    public int Gateway { get; set; }

    /// <param name="authority">The issuer of its certificate.</param>
    public static async Task<TlsEdge> StartAsync(TestAuthority authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = X509Certificate2.CreateFromPemFile(authority.CertificateFile, authority.KeyFile);
                https.ServerCertificateChain = [authority.Intermediate];
            });
        }));
        var server = builder.Build();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
        var edge = new TlsEdge(server, client);
        var (forwarder, transformer) = (server.Services.GetRequiredService<IHttpForwarder>(), new AddsForwardedHeaders());
        server.Run(async context =>
            await forwarder.SendAsync(context, $"http://127.0.0.1:{edge.Gateway}", client, ForwarderRequestConfig.Empty, transformer));
        await server.StartAsync();
        return edge;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private sealed class AddsForwardedHeaders : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress!.ToString());
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
        }
    }
}
