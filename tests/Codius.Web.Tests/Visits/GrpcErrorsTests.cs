using System.Net;
using System.Net.Http.Headers;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Tests.Visits.Forwarding;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Codius.Web.Tests.Visits;

/// <summary>What a gRPC client gets instead of the app's answer: a status with the problem's words, never "Unknown".</summary>
public sealed class GrpcErrorsTests
{
    private static readonly string[] TwoAtMost =
        ["Visits:PerClient:Burst=2", "Visits:PerClient:PerSecond=1", "Visits:PerClient:MaxWait=0"];

    [Fact]
    public async Task Without_funds_a_precondition_has_failed_and_the_metadata_say_whom_and_how_much_to_pay()
    {
        await using var visits = await StartAsync(funds: 5);

        var error = await CallAsync(visits);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.StartsWith("The app is out of funds: Pay the app's payment pointer", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("$hello.codius.test", error.Trailers.GetValue("payment-pointer"));
        Assert.Equal("http://hello.codius.test/.well-known/pay", error.Trailers.GetValue("wallet-address"));
        Assert.Equal("<http://hello.codius.test/.well-known/pay>; rel=\"payment\"", error.Trailers.GetValue("link"));
        Assert.Equal(("10000", "5", "USD", "9"), (error.Trailers.GetValue("price"), error.Trailers.GetValue("balance"),
            error.Trailers.GetValue("asset-code"), error.Trailers.GetValue("asset-scale")));
        Assert.Equal("urn:codius:problem:payment-required", error.Trailers.GetValue("problem-type"));
    }

    [Fact]
    public async Task An_app_that_cannot_start_is_unavailable_and_the_message_names_the_cause_in_any_letters()
    {
        await using var visits = await StartAsync();
        visits.Apps.OnWake = _ => new AppState.Failed("Es hat 100% keine Füße.", TimeProvider.System.GetUtcNow().AddMinutes(5));

        var error = await CallAsync(visits);

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("Es hat 100% keine Füße.", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("300000", error.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_client_that_calls_too_fast_has_exhausted_a_resource()
    {
        await using var visits = await StartAsync(funds: 0, settings: TwoAtMost);

        var errors = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync(visits)));

        Assert.Equal([StatusCode.ResourceExhausted, StatusCode.FailedPrecondition],
            errors.Select(error => error.StatusCode).Distinct().Order());
    }

    [Fact]
    public async Task An_app_that_does_not_wake_in_time_is_unavailable()
    {
        await using var visits = await StartAsync(settings: ["ColdStart:Timeout=00:00:01"]);

        Assert.Equal(StatusCode.Unavailable, (await CallAsync(visits)).StatusCode);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_not_found()
    {
        await using var visits = await StartAsync();

        Assert.Equal(StatusCode.NotFound, (await CallAsync(visits, "nobody")).StatusCode);
    }

    [Fact]
    public async Task Streams_of_either_side_end_with_the_same_status()
    {
        await using var visits = await StartAsync(funds: 0);
        using var channel = Channel(visits, "hello");
        using var call = new Echo.EchoClient(channel).Talk(cancellationToken: VisitFixture.Cancellation);

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(VisitFixture.Cancellation));

        Assert.Equal((StatusCode.FailedPrecondition, "10000"), (error.StatusCode, error.Trailers.GetValue("price")));
    }

    [Theory]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    public async Task A_page_of_another_origin_reads_a_gRPC_Web_status_from_the_headers(string type)
    {
        await using var visits = await StartAsync(funds: 0);
        var request = VisitFixture.Request(HttpMethod.Post, "echo.Echo/Say");
        request.Headers.Add("Origin", "https://shop.example");
        request.Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

        var answer = await visits.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal("9", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        var exposed = answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(", ");
        Assert.All(["grpc-status", "grpc-message", "price", "Link"], name =>
            Assert.Contains(name, exposed, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("application/grpcx")]
    [InlineData("application/json")]
    public async Task Any_other_program_gets_the_problem_as_JSON(string type)
    {
        await using var visits = await StartAsync(funds: 0);
        var request = VisitFixture.Request(HttpMethod.Post);
        request.Content = new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

        var answer = await visits.SendAsync(request);

        Assert.Equal((HttpStatusCode.PaymentRequired, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    private static Task<VisitFixture> StartAsync(ulong funds = 1_000 * VisitFixture.Price, string[]? settings = null) =>
        VisitFixture.StartAsync(protocols: HttpProtocols.Http2, funds: funds, settings: settings);

    private static async Task<RpcException> CallAsync(VisitFixture visits, string app = "hello")
    {
        using var channel = Channel(visits, app);
        return await Assert.ThrowsAsync<RpcException>(async () =>
            await new Echo.EchoClient(channel).SayAsync(new Words { Text = "hi" }, cancellationToken: VisitFixture.Cancellation));
    }

    private static GrpcChannel Channel(VisitFixture visits, string app) => GrpcChannel.ForAddress($"http://{app}.codius.test",
        new GrpcChannelOptions { HttpHandler = GatewayUnderTest.Handler(visits.Gateway.Http2Port), DisposeHttpClient = true });
}
