namespace Codius.Web.Visits.Forwarding;

/// <summary>Recognizes gRPC requests.</summary>
internal static class GrpcRequests
{
    private const string Type = "application/grpc";

    /// <summary>True for <c>application/grpc</c> and its <c>+proto</c> forms; gRPC-Web is made for HTTP/1.1 and forwarded so.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol)
        && request.ContentType is { } type
        && type.StartsWith(Type, StringComparison.OrdinalIgnoreCase)
        && (type.Length == Type.Length || type[Type.Length] is '+' or ';' or ' ');
}
