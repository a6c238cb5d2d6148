using System.Net;
using System.Text;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace VisitLoad;

/// <summary>YARP alone, with the gateway's settings: its forwarder, its own default transforms, one client.</summary>
internal static class BareYarp
{
    private const int ReadAhead = 64 * 1024;

    /// <param name="url">The app; null: the Host header of a request selects it in <paramref name="apps"/>.</param>
    /// <param name="apps">The apps' addresses by host.</param>
    public static WebApplication Build(int port, string? url, IReadOnlyDictionary<string, string> apps)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestBufferSize = ReadAhead;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = ReadAhead;
            kestrel.Limits.MaxRequestLineSize = ReadAhead / 2;
            kestrel.Limits.MaxRequestHeadersTotalSize = ReadAhead;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = ReadAhead / 2;
            kestrel.ListenAnyIP(port, Serving.AsAsked);
        });
        var app = builder.Build();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = Timeout.InfiniteTimeSpan,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var transformer = Environment.GetEnvironmentVariable("FORWARDED") == "no" ? HttpTransformer.Default
            : app.Services.GetRequiredService<ITransformBuilder>().Create(transforms => transforms.AddOriginalHost());
        if (url is not null) app.Run(async context => await forwarder.SendAsync(context, url, client, config, transformer));
        else app.Run(async context => await forwarder.SendAsync(context, apps[context.Request.Host.Value!], client, config, transformer));
        return app;
    }
}
