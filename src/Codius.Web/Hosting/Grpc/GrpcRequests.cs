using System.Diagnostics.CodeAnalysis;

namespace Codius.Web.Hosting.Grpc;

/// <summary>Recognizes gRPC requests.</summary>
internal static class GrpcRequests
{
    private const string Native = "application/grpc";
    private const string Web = "application/grpc-web";
    private const string WebText = "application/grpc-web-text";

    /// <summary>True for <c>application/grpc</c> and its <c>+proto</c> forms; gRPC-Web is made for HTTP/1.1 and forwarded so.</summary>
    public static bool IsGrpc(HttpRequest request) => HttpProtocol.IsHttp2(request.Protocol) && Is(request.ContentType, Native);

    /// <summary>The content type of a call's answer: that of the request, which may be gRPC-Web or have come over HTTP/1.1.</summary>
    public static bool TryGetType(HttpRequest request, [NotNullWhen(true)] out string? type)
    {
        type = request.ContentType;
        return type is not null && (Is(type, Native) || Is(type, Web) || Is(type, WebText));
    }

    private static bool Is(string? given, string type) =>
        given is not null
        && given.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (given.Length == type.Length || given[type.Length] is '+' or ';' or ' ');
}
