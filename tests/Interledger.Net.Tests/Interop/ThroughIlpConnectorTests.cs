using System.Text.Json;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Interop;

/// <summary>Both directions once through the real <c>ilp-connector</c>, which limits packets and converts between scales.</summary>
public sealed class ThroughIlpConnectorTests
{
    private const string Token = "interop-token";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(9, "123456", "123456")]
    [InlineData(6, "5000000", "5000")]
    public async Task Our_sender_pays_a_JavaScript_receiver(byte scale, string amount, string arrives)
    {
        await using var receiver =
            await NodeReceiver.StartAsync(NodeReceiver.Alpha4, new Uri("http://unused.example"), Token, "test.connector.them", scale);
        await using var connector = NodePeer.Start("connector.mjs", new
        {
            token = Token,
            accounts = new { payer = new { scale = 9, maxPacketAmount = "50000" }, them = new { url = receiver.Endpoint, scale } },
        });
        using var path = new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = await PayersDoorAsync(connector), Token = Token });
        await using var sender = await receiver.SenderAsync(path);

        var result = await sender.SendAsync(ulong.Parse(amount, null), Stop);

        Assert.Equal((PaymentEnding.Completed, amount, arrives), (result.Ending, $"{result.Sent}", $"{result.Delivered}"));
        Assert.Equal(arrives, await receiver.TotalAsync());
        Assert.Equal(50_000UL, (await sender.ProbeAsync(Stop)).MaxPacketAmount);
    }

    /// <summary>The connector takes more than a second of a packet's time, and refuses with R02 what then has too little left.</summary>
    [Fact]
    public async Task Our_closing_packet_reaches_the_receiver()
    {
        await using var receiver =
            await NodeReceiver.StartAsync(NodeReceiver.Alpha4, new Uri("http://unused.example"), Token, "test.connector.them", 9);
        await using var connector = NodePeer.Start("connector.mjs", new
        {
            token = Token,
            accounts = new { payer = new { scale = 9, maxPacketAmount = "50000" }, them = new { url = receiver.Endpoint, scale = 9 } },
        });
        using var http = new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = await PayersDoorAsync(connector), Token = Token });
        var path = new LastReply(http);
        await using (var sender = await receiver.SenderAsync(path)) await sender.SendAsync(1_000, Stop);

        Assert.True(IlpReject.TryRead(path.Reply.Span, out var reply, out _));
        Assert.Equal(IlpErrorCode.F99ApplicationError, reply.Code);
    }

    [Theory]
    [InlineData("pay.mjs")]
    [InlineData("stream-client.mjs")]
    public async Task A_JavaScript_sender_pays_our_receiver(string payer)
    {
        var receiver = new OurReceiver();
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapIlpOverHttp("/ilp", new IlpPeerTokens("connector", Token), receiver.AsHandler()));
        await using var connector = NodePeer.Start("connector.mjs", new
        {
            token = Token,
            accounts = new
            {
                payer = new { scale = 9, maxPacketAmount = "50000" },
                us = new { url = new Uri(server.Url, "/ilp"), scale = 9 }
            },
        });
        var credentials = receiver.Create("one");
        await using var node = NodePeer.Start(payer, new
        {
            url = await PayersDoorAsync(connector),
            token = Token,
            asset = new { code = "XYZ", scale = 9 },
            payments = new[] { new
            {
                address = credentials.DestinationAccount.ToString(), secret = credentials.SharedSecret.ToBase64(), amount = "123456"
            } },
        });

        var outcome = await node.ReadAsync("index");

        Assert.Equal(JsonValueKind.Null, outcome.GetProperty("error").ValueKind);
        Assert.Equal(("123456", 123_456UL), (outcome.GetProperty("sent").GetString(), receiver.BalanceOf("one")));
    }

    private sealed class LastReply(IIlpSender path) : IIlpSender
    {
        public ReadOnlyMemory<byte> Reply { get; private set; }

        public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken) =>
            Reply = await path.SendAsync(prepare, cancellationToken);
    }

    private static async Task<Uri> PayersDoorAsync(NodePeer connector) =>
        new($"http://127.0.0.1:{(await connector.ReadAsync("ports")).GetProperty("ports").GetProperty("payer").GetInt32()}/");
}
