using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Codius.Web.Tests.Payments.OpenPayments;

namespace Codius.Web.Tests.Payments;

/// <summary>Bodies of anonymous requests are read up to a bound: a clear answer, nothing changed, a counter raised.</summary>
public sealed class BoundsTests(PayableOnGarnet fixture) : IClassFixture<PayableOnGarnet>
{
    private const int TooMuch = 70_000;

    private PayableGateway Gateway => fixture.Gateway;

    [Fact]
    public async Task Grants_and_incoming_payments_are_read_up_to_64_KiB()
    {
        var (client, app) = (new BareClient(Gateway), Gateway.NewApp());
        var token = await client.GrantAsync(app, "create", "list");
        var body = new JsonObject { ["x"] = new string('x', TooMuch) };
        using var refused = new RefusalCounter("open payments", "413");

        foreach (var url in new[] { Gateway.Host + "/auth", client.PaymentsOf(app) })
        {
            var (status, json, _) = await client.SendAsync(HttpMethod.Post, url, body.DeepClone(), token);
            Assert.Equal((413, """{"error":{"code":"invalid_request","description":"The body is larger than 64 KiB."}}"""),
                (status, json!.ToJsonString()));
        }
        Assert.Empty((await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app), token: token)).Json!["result"]!.AsArray());
        refused.AssertAtLeast(2);
    }

    [Fact]
    public async Task The_form_of_a_wallet_is_read_up_to_8_KiB()
    {
        var app = Gateway.NewApp();
        using var refused = new RefusalCounter("own wallet", "no form");
        using var request = new HttpRequestMessage(HttpMethod.Post, Gateway.UrlOf(app) + ".well-known/codius/pay");
        request.Headers.Add("Origin", Gateway.UrlOf(app).TrimEnd('/'));
        request.Content = new FormUrlEncodedContent([new("wallet", new string('x', TooMuch))]);

        using var answer = await Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("urn:codius:problem:no-form",
            (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["type"]!);
        refused.AssertAtLeast(1);
    }

    [Theory]
    [InlineData("GET /.well-known/pay HTTP/1.1\r\nHost: {app}\r\nX: {much}\r\n\r\n", "HTTP/1.1 431 ", 66_000,
        "max_request_headers_total_size_exceeded")]
    [InlineData("POST /auth HTTP/1.1\r\nHost: codius.test\r\nSignature-Input: {much}\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 431 ", 66_000,
        "max_request_headers_total_size_exceeded")]
    [InlineData("GET /{much} HTTP/1.1\r\nHost: {app}\r\n\r\n", "HTTP/1.1 414 ", 33_000, "invalid_request_line")]
    public async Task Headers_are_read_up_to_64_KiB_and_a_request_line_up_to_32(string request, string answer, int much, string reason)
    {
        // Hardly more than is read: bytes left unread when the server closes the connection could lose the response.
        var app = Gateway.NewApp();
        using var ends = new ConnectionEnds(reason);
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Gateway.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        var text = request.Replace("{app}", $"{app}.codius.test", StringComparison.Ordinal)
            .Replace("{much}", new string('x', much), StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

        Assert.StartsWith(answer, await Visits.VisitFixture.ReadHeadAsync(stream), StringComparison.Ordinal);
        await Codius.Testing.Eventually.TrueAsync("the server's counter of bad requests is raised", () => ends.Bad > 0);
        Assert.Null(await Gateway.ReadAsync(app));
    }

    /// <summary>Kestrel's own meter, which is at <c>/metrics</c> too.</summary>
    private sealed class ConnectionEnds : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _bad;

        public ConnectionEnds(string reason)
        {
            _listener.InstrumentPublished = (found, listener) =>
            {
                if (found.Name == "kestrel.connection.duration") listener.EnableMeasurementEvents(found);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                foreach (var (name, value) in tags)
                    if (name == "error.type" && (string?)value == reason) Interlocked.Increment(ref _bad);
            });
            _listener.Start();
        }

        public long Bad => Interlocked.Read(ref _bad);

        public void Dispose() => _listener.Dispose();
    }
}
