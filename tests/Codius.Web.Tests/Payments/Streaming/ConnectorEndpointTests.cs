using System.Net;
using System.Net.Http.Headers;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Payments.Streaming;

/// <summary>The responses at <c>/ilp</c>, to a connector and to a caller without a valid token.</summary>
public sealed class ConnectorEndpointTests(PayableOnGarnet fixture) : IClassFixture<PayableOnGarnet>
{
    private PayableGateway Gateway => fixture.Gateway;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer 0123456789abcdef-the-connectoR")]
    [InlineData("Basic 0123456789abcdef-the-connector")]
    [InlineData("Bearer " + PayableGateway.AdminToken)]
    public async Task Without_a_connectors_token_nothing_is_read(string? authorization)
    {
        var payer = new PacketMaker(await Gateway.SetUpAsync(Gateway.NewApp()));

        using var refused = new RefusalCounter("ilp", "401");
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(payer.Money(5).ToArray(), authorization));
        refused.AssertAtLeast(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task A_packet_cut_off_is_no_packet(int length)
    {
        var payer = new PacketMaker(await Gateway.SetUpAsync(Gateway.NewApp()));

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(payer.Money(5).ToArray()[..length]));
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused()
    {
        using var refused = new RefusalCounter("ilp", "413");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(new byte[65_537]));
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task Another_media_type_is_refused_and_those_of_packets_are_named()
    {
        using var request = Post([1], mediaType: "text/plain");
        using var response = await Gateway.Http.SendAsync(request, Stop);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(
            """{"type":"urn:codius:problem:unsupported-media-type","title":"This URL does not take this content type","status":415,"detail":"It takes application/octet-stream, application/ilp+octet-stream. Send the body as that, and name it in Content-Type."}""",
            await response.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData(401, "Bearer nobody", 40)]
    [InlineData(400, "Bearer " + PayableGateway.ConnectorToken, 40)]
    [InlineData(413, "Bearer " + PayableGateway.ConnectorToken, 65_537)]
    public async Task Other_refusals_are_a_status_alone(int status, string authorization, int length)
    {
        using var request = Post(new byte[length], authorization);
        using var response = await Gateway.Http.SendAsync(request, Stop);

        Assert.Equal((status, null, 0),
            ((int)response.StatusCode, response.Content.Headers.ContentType, (await response.Content.ReadAsByteArrayAsync(Stop)).Length));
    }

    [Fact]
    public async Task A_fulfill_is_no_packet_to_post()
    {
        var fulfill = new IlpFulfill { Fulfillment = new IlpFulfillment(new byte[32]) }.ToArray();

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(fulfill));
    }

    [Fact]
    public async Task A_packet_that_expires_in_300_ms_is_told_so_changes_nothing_and_is_counted()
    {
        var app = Gateway.NewApp();
        using var refused = new RefusalCounter("packet", "TooLate");
        var packet = new PacketMaker(await Gateway.SetUpAsync(app)).Money(5, TimeSpan.FromMilliseconds(300));

        // Posted as it is: a connector's own client would not wait for the answer on a busy machine.
        using var request = Post(packet.ToArray());
        using var response = await Gateway.Http.SendAsync(request, Stop);

        Assert.True(IlpPacket.TryRead(await response.Content.ReadAsByteArrayAsync(Stop), out var reply, out _));
        var reject = Assert.IsType<IlpReject>(reply);
        Assert.Equal((IlpErrorCode.R02InsufficientTimeout, "too little time left"), (reject.Code, reject.Message));
        Assert.Null(await Gateway.ReadAsync(app));
        refused.AssertAtLeast(1);
    }

    [Theory]
    [InlineData("test.other.abc")]
    [InlineData("test.codiusx.abc")]
    [InlineData("peer.config")]
    public async Task A_packet_for_somebody_else_is_unreachable(string destination)
    {
        var packet = new PacketMaker(await Gateway.SetUpAsync(Gateway.NewApp())).Money(5);

        Assert.Equal(IlpErrorCode.F02Unreachable, await RejectedAsync(To(packet, destination)));
    }

    [Theory]
    [InlineData("test.codius.nonsense")]
    [InlineData("test.codius.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_address_nobody_gave_out_is_refused(string destination)
    {
        var packet = new PacketMaker(await Gateway.SetUpAsync(Gateway.NewApp())).Money(5);

        Assert.Equal(IlpErrorCode.F06UnexpectedPayment, await RejectedAsync(To(packet, destination)));
    }

    [Fact]
    public async Task An_address_of_another_gateway_is_refused_and_changes_nothing()
    {
        await using var other = await PayableGateway.StartAsync(settings: ["Host:Secret=MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]);
        var app = Gateway.NewApp();
        other.Deploy(app);
        var packet = new PacketMaker(await other.SetUpAsync(app)).Money(5);

        using var refused = new RefusalCounter("packet", "UnknownAddress");
        Assert.Equal(IlpErrorCode.F06UnexpectedPayment, await RejectedAsync(packet));
        Assert.Null(await Gateway.ReadAsync(app));
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task A_packet_whose_data_were_changed_on_the_way_is_refused()
    {
        var app = Gateway.NewApp();
        var packet = new PacketMaker(await Gateway.SetUpAsync(app)).Money(5);
        var data = packet.Data.ToArray();
        data[^1] ^= 1;
        using var refused = new RefusalCounter("packet", "NotAuthentic");

        Assert.Equal(IlpErrorCode.F06UnexpectedPayment, await RejectedAsync(new IlpPrepare
        {
            Amount = 5,
            ExpiresAt = packet.ExpiresAt,
            Destination = packet.Destination,
            ExecutionCondition = packet.ExecutionCondition,
            Data = data,
        }));
        Assert.Null(await Gateway.ReadAsync(app));
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task A_connector_that_kept_some_of_the_money_is_found_out()
    {
        var app = Gateway.NewApp();
        var packet = new PacketMaker(await Gateway.SetUpAsync(app)).Money(500);

        Assert.Equal(IlpErrorCode.F99ApplicationError, await RejectedAsync(new IlpPrepare
        {
            Amount = 499,
            ExpiresAt = packet.ExpiresAt,
            Destination = packet.Destination,
            ExecutionCondition = packet.ExecutionCondition,
            Data = packet.Data,
        }));
        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Fact]
    public async Task What_was_refused_is_counted()
    {
        using var refused = new RefusalCounter("packet", "UnknownAddress");
        var packet = new PacketMaker(await Gateway.SetUpAsync(Gateway.NewApp())).Money(5);

        await RejectedAsync(To(packet, "test.codius.nonsense"));

        refused.AssertAtLeast(1);
    }

    private static IlpPrepare To(IlpPrepare packet, string destination) => new()
    {
        Amount = packet.Amount,
        ExpiresAt = packet.ExpiresAt,
        Destination = IlpAddress.Parse(destination),
        ExecutionCondition = packet.ExecutionCondition,
        Data = packet.Data,
    };

    private async Task<IlpErrorCode> RejectedAsync(IlpPrepare packet)
    {
        using var connector = Gateway.Connector();
        return Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, packet)).Code;
    }

    private async Task<HttpStatusCode> PostAsync(byte[] body, string? authorization = "Bearer " + PayableGateway.ConnectorToken,
        string mediaType = "application/octet-stream")
    {
        using var request = Post(body, authorization, mediaType);
        using var response = await Gateway.Http.SendAsync(request, Stop);
        return response.StatusCode;
    }

    private HttpRequestMessage Post(byte[] body, string? authorization = "Bearer " + PayableGateway.ConnectorToken,
        string mediaType = "application/octet-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Gateway.Host + "/ilp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }
}
