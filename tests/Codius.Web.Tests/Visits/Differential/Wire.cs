namespace Codius.Web.Tests.Visits.Differential;

/// <summary>How a client speaks to the gateway; to the app it speaks HTTP/1.1 without TLS, as the gateway does.</summary>
public enum Wire
{
    Http1,
    Http1Tls,
    Http2,
    Http2Tls,
}

/// <summary>What a <see cref="Wire"/> is made of.</summary>
internal static class Wires
{
    public static readonly Wire[] All = Enum.GetValues<Wire>();

    public static bool IsHttp2(this Wire wire) => wire is Wire.Http2 or Wire.Http2Tls;

    public static bool IsTls(this Wire wire) => wire is Wire.Http1Tls or Wire.Http2Tls;

    public static string Scheme(this Wire wire) => wire.IsTls() ? "https" : "http";
}
