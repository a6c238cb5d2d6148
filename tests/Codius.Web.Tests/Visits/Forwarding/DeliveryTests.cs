using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Codius.Web.Apps;
using Codius.Web.Visits;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>A request that the app never saw costs nothing and is not the app's failure, whatever broke.</summary>
public sealed class DeliveryTests
{
    // The app's first failure is charged: nothing is free that counts as one.
    private static readonly string[] EachFailureCosts = ["Prices:FreeErrorsPerMinute=0"];

    [Fact]
    public async Task A_request_that_the_app_refused_unread_is_free()
    {
        await using var visits = await VisitFixture.StartAsync(settings: EachFailureCosts);
        using var app = new RefusingHttp2App();
        visits.Apps.Set("hello", new AppState.Awake(app.Address));

        using var answer = await visits.Gateway.Client(http2: true).SendAsync(Grpc("a call"), VisitFixture.Cancellation);

        Assert.InRange(app.Refused, 1, int.MaxValue);
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_request_whose_headers_are_too_large_for_the_app_is_free()
    {
        await using var visits = await VisitFixture.StartAsync(settings: EachFailureCosts);
        using var app = new RefusingHttp2App(maxHeaders: 100);
        visits.Apps.Set("hello", new AppState.Awake(app.Address));
        using var request = Grpc("a call");
        request.Headers.Add("X-Large", new string('x', 1000));

        using var answer = await visits.Gateway.Client(http2: true).SendAsync(request, VisitFixture.Cancellation);

        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_has_used_the_app()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var app = new TcpListener(IPAddress.Loopback, 0);
        app.Start();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://{app.LocalEndpoint}")));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);

        await client.GetStream().WriteAsync(
            "POST / HTTP/1.1\r\nHost: hello.codius.test\r\nContent-Length: 5\r\n\r\n12"u8.ToArray(), VisitFixture.Cancellation);
        using var connection = await app.AcceptTcpClientAsync(VisitFixture.Cancellation);
        Assert.StartsWith("POST / HTTP/1.1", await VisitFixture.ReadHeadAsync(connection.GetStream()), StringComparison.Ordinal);
        client.Close();

        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public void The_client_is_told_that_it_did_not_arrive()
    {
        var problem = VisitProblems.Of(VisitOutcome.NotDelivered, 0);

        Assert.Equal((502, "not-delivered"), (problem.Status, problem.Code));
        Assert.Contains("it was not charged", problem.Detail, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Grpc(string body)
    {
        var request = VisitFixture.Request(HttpMethod.Post);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        // Of unknown length, as clients of gRPC send it.
        request.Content = new Unmeasured(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return request;
    }

    private sealed class Unmeasured(string text) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
