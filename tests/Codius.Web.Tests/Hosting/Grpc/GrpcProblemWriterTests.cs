using System.Globalization;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Hosting.Grpc;

/// <summary>Which status of gRPC each problem becomes: whether repeating the call helps, and who must act.</summary>
public sealed class GrpcProblemWriterTests
{
    [Theory]
    [InlineData(400, "not-forwardable", StatusCode.InvalidArgument)]
    [InlineData(402, "payment-required", StatusCode.FailedPrecondition)]
    [InlineData(404, "no-such-app", StatusCode.NotFound)]
    [InlineData(408, "bad-body", StatusCode.DeadlineExceeded)]
    [InlineData(413, "bad-body", StatusCode.ResourceExhausted)]
    [InlineData(429, "owners-cap", StatusCode.ResourceExhausted)]
    [InlineData(500, "internal-error", StatusCode.Internal)]
    [InlineData(502, "app-broke-off", StatusCode.Unavailable)]
    [InlineData(503, "app-failed", StatusCode.Unavailable)]
    [InlineData(504, "wake-timeout", StatusCode.Unavailable)]
    [InlineData(504, "app-too-slow", StatusCode.DeadlineExceeded)]
    [InlineData(418, "teapot", StatusCode.Unknown)]
    public async Task A_problem_becomes_the_status_that_says_the_same(int status, string code, StatusCode expected)
    {
        var headers = await WriteAsync(new Problem(status, code, "Title", "Detail."));

        Assert.Equal(((int)expected).ToString(CultureInfo.InvariantCulture), headers["grpc-status"]);
        Assert.Equal("Title: Detail.", headers["grpc-message"]);
        Assert.Equal($"urn:codius:problem:{code}", headers["problem-type"]);
    }

    [Theory]
    [InlineData("100% größer\n", "T: 100%25 gr%C3%B6%C3%9Fer%0A")]
    [InlineData("~ \u007f \ud83d\ude00", "T: ~ %7F %F0%9F%98%80")]
    public async Task Words_are_encoded_as_the_protocol_says(string detail, string encoded) =>
        Assert.Equal(encoded, (await WriteAsync(new Problem(503, "x", "T", detail)))["grpc-message"]);

    [Fact]
    public async Task A_client_that_repeats_by_itself_is_told_when()
    {
        var headers = await WriteAsync(new Problem(503, "x", "T", "D"), retryAfter: 60);

        Assert.Equal("60000", headers["grpc-retry-pushback-ms"]);
    }

    private static async Task<IHeaderDictionary> WriteAsync(Problem problem, int? retryAfter = null)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/grpc";
        if (retryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var writer = new GrpcProblemWriter();
        var written = new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem.ToDetails() };
        Assert.True(writer.CanWrite(written));
        await writer.WriteAsync(written);
        Assert.Equal((200, "application/grpc"), (context.Response.StatusCode, context.Response.ContentType));
        return context.Response.Headers;
    }
}
