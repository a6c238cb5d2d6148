using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VisitLoad;

/// <summary>How bare YARP listens: as the gateway does for the same protocol.</summary>
internal static class Serving
{
    /// <summary>PROTOCOL is http1 (the default), h2 (without TLS) or tls, with CERTIFICATE and CERTIFICATE_KEY.</summary>
    public static void AsAsked(ListenOptions listen)
    {
        switch (Environment.GetEnvironmentVariable("PROTOCOL"))
        {
            case "h2":
                listen.Protocols = HttpProtocols.Http2;
                break;
            case "tls":
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
                    Environment.GetEnvironmentVariable("CERTIFICATE")!, Environment.GetEnvironmentVariable("CERTIFICATE_KEY")));
                break;
            default:
                listen.Protocols = HttpProtocols.Http1;
                break;
        }
    }
}
