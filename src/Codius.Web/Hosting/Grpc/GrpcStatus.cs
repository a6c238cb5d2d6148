namespace Codius.Web.Hosting.Grpc;

/// <summary>The status codes of gRPC that the gateway itself answers.</summary>
internal enum GrpcStatus
{
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
