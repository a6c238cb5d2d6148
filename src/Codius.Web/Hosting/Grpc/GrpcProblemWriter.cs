using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Hosting.Grpc;

/// <summary>
/// Answers a gRPC call with a problem in the form that its client reads: HTTP 200 with the status, the message and the metadata in the
/// headers and no body ("Trailers-Only"), which gRPC-Web knows too.
/// </summary>
internal sealed class GrpcProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => GrpcRequests.TryGetType(context.HttpContext.Request, out _);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (response, problem) = (context.HttpContext.Response, context.ProblemDetails);
        GrpcRequests.TryGetType(context.HttpContext.Request, out var type);
        var headers = response.Headers;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = type;
        headers["grpc-status"] = ((int)StatusOf(problem)).ToString(CultureInfo.InvariantCulture);
        headers["grpc-message"] = Encode($"{problem.Title}: {problem.Detail}");
        headers["problem-type"] = problem.Type;
        foreach (var (name, value) in problem.Extensions)
            headers[KebabCase(name)] = Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        // How long a client that repeats calls by itself waits before it does.
        if (int.TryParse(headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            headers["grpc-retry-pushback-ms"] = (seconds * 1000L).ToString(CultureInfo.InvariantCulture);
        if (headers.AccessControlExposeHeaders.Count > 0) ExposeAll(headers);
        return ValueTask.CompletedTask;
    }

    private static GrpcStatus StatusOf(ProblemDetails problem) => problem.Status switch
    {
        400 or 415 => GrpcStatus.InvalidArgument,
        401 => GrpcStatus.Unauthenticated,
        402 => GrpcStatus.FailedPrecondition,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.NotFound,
        405 => GrpcStatus.Unimplemented,
        // An app that had the call and did not answer: unlike one that could not wake, it may have acted on it.
        408 => GrpcStatus.DeadlineExceeded,
        504 when problem.Type?.EndsWith("wake-timeout", StringComparison.Ordinal) != true => GrpcStatus.DeadlineExceeded,
        413 or 429 or 431 => GrpcStatus.ResourceExhausted,
        502 or 503 or 504 => GrpcStatus.Unavailable,
        500 => GrpcStatus.Internal,
        _ => GrpcStatus.Unknown,
    };

    /// <summary>A page of another origin reads the metadata as headers.</summary>
    private static void ExposeAll(IHeaderDictionary headers) =>
        headers.AccessControlExposeHeaders = string.Join(", ",
            headers.Keys.Where(name => !name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Percent-encodes what a header cannot have, as the protocol says.</summary>
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)octet);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        return encoded.ToString();
    }

    /// <summary>Names of metadata are in lower case: <c>payment-pointer</c> for <c>paymentPointer</c>.</summary>
    private static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
