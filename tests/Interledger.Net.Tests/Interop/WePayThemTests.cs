using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Interop;

/// <summary>Our sender pays the receivers of the JavaScript world, over ILP over HTTP, through a connector that tests both.</summary>
public sealed class WePayThemTests
{
    private const string Token = "interop-token";
    private const string StreamServer = "ilp-protocol-stream";
    private const string ReceiverAlpha3 = "@interledger/stream-receiver-alpha3";
    private const string ReceiverAlpha4 = "@interledger/stream-receiver";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StreamServer, "1")]
    [InlineData(StreamServer, "1000000")]
    [InlineData(StreamServer, "9007199254740993")]
    [InlineData(ReceiverAlpha3, "1")]
    [InlineData(ReceiverAlpha3, "1000000")]
    [InlineData(ReceiverAlpha3, "9007199254740993")]
    [InlineData(ReceiverAlpha4, "1")]
    [InlineData(ReceiverAlpha4, "1000000")]
    [InlineData(ReceiverAlpha4, "9007199254740993")]
    public async Task An_amount_arrives_to_the_unit(string package, string amount)
    {
        await using var peer = await Peer.StartAsync(package, new Weather());
        await using var sender = await peer.SenderAsync();

        var result = await sender.SendAsync(ulong.Parse(amount, null), Stop);

        Assert.Equal((PaymentEnding.Completed, amount, amount), (result.Ending, $"{result.Sent}", $"{result.Delivered}"));
        Assert.Equal(new ReceiverAsset("XYZ", 9), result.Asset);
        Assert.Equal(amount, await peer.TotalAsync());
    }

    [Theory]
    [InlineData(StreamServer)]
    [InlineData(ReceiverAlpha3)]
    [InlineData(ReceiverAlpha4)]
    public async Task A_lossy_slow_reordering_rate_changing_path_costs_nobody_but_the_connector(string package)
    {
        var weather = new Weather(seed: 42)
        {
            MaxPacket = 2_000,
            Rates = [new(2, 1), new(1999, 1000), new(2001, 1000), new(199, 100)],
            PreparesLost = 20,
            RepliesLost = 20,
            Refused = 100,
            MaxDelay = 30,
        };
        await using var peer = await Peer.StartAsync(package, weather);
        await using var sender = await peer.SenderAsync(new StreamSenderOptions { PacketExpiry = TimeSpan.FromSeconds(3), MinimumRate = new(198, 100) });

        var result = await sender.SendAsync(200_000, Stop);

        Assert.Equal((PaymentEnding.Completed, 200_000UL), (result.Ending, result.Sent));
        Assert.Equal(result.Sent, peer.Connector.Debited);
        Assert.Equal($"{peer.Connector.Credited}", await peer.TotalAsync());
        Assert.Equal(peer.Connector.Credited - peer.Connector.Borne, result.Delivered);
        Assert.InRange(result.Delivered, 396_000UL, 401_000UL);
    }

    [Theory]
    [InlineData(StreamServer)]
    [InlineData(ReceiverAlpha3)]
    [InlineData(ReceiverAlpha4)]
    public async Task Receipts_add_up_to_the_payment(string package)
    {
        var nonce = ReceiptNonce.Generate();
        var secret = new ReceiptSecret(RandomNumberGenerator.GetBytes(ReceiptSecret.Length));
        await using var peer = await Peer.StartAsync(package, new Weather { MaxPacket = 300, MaxDelay = 10 });
        await using var sender = await peer.SenderAsync(receipts: (nonce, secret));

        var result = await sender.SendAsync(10_000, Stop);

        Assert.Equal((PaymentEnding.Completed, 10_000UL), (result.Ending, result.Delivered));
        Assert.True(StreamReceipt.TryVerify(result.Receipt.Span, secret, out var receipt, out var error), error.ToString());
        Assert.Equal(new StreamReceipt(nonce, 1, 10_000), receipt);
    }

    [Fact]
    public async Task An_exact_amount_is_delivered()
    {
        await using var peer = await Peer.StartAsync(ReceiverAlpha4, new Weather { Rates = [new(3, 7)], MaxPacket = 1_000 });
        await using var sender = await peer.SenderAsync();
        var result = await sender.DeliverAsync(12_345, ulong.MaxValue, Stop);
        Assert.Equal((PaymentEnding.Completed, "12345"), (result.Ending, await peer.TotalAsync()));
    }

    /// <summary>A Node receiver, the connector before it, and the way from our sender into that: both hops are ILP over HTTP.</summary>
    private sealed class Peer : IAsyncDisposable
    {
        private readonly NodePeer _node;
        private readonly LoopbackServer _server;
        private readonly IlpOverHttpClient _toConnector;
        private readonly LateSender _toNode;

        private Peer(NodePeer node, LoopbackServer server, TestConnector connector, LateSender toNode)
        {
            (_node, _server, Connector, _toNode) = (node, server, connector, toNode);
            _toConnector = Client(new Uri(server.Url, "/ilp"));
        }

        public TestConnector Connector { get; }

        public static async Task<Peer> StartAsync(string package, Weather weather)
        {
            var toNode = new LateSender();
            var connector = new TestConnector(toNode, weather) { Client = new(IlpAddress.Parse("test.connector.peer"), "XYZ", 9) };
            var server = await LoopbackServer.StartAsync(app => app.MapIlpOverHttp("/ilp", new IlpPeerTokens("peer", Token), connector.AsHandler()));
            var url = new Uri(server.Url, "/ilp");
            var node = package == StreamServer
                ? NodePeer.Start("stream-server.mjs", new { url, token = Token })
                : NodePeer.Start("stream-receiver.mjs", new { package, token = Token, prefix = "test.connector.peer", asset = new { code = "XYZ", scale = 9 } });
            var port = (await node.ReadAsync("port")).GetProperty("port").GetInt32();
            toNode.Target = Client(new Uri($"http://127.0.0.1:{port}/"));
            if (package == StreamServer) await node.ReadAsync("ready");
            return new Peer(node, server, connector, toNode);
        }

        public async Task<StreamSender> SenderAsync(StreamSenderOptions? options = null, (ReceiptNonce Nonce, ReceiptSecret Secret)? receipts = null)
        {
            await _node.WriteAsync(new { make = new { nonce = receipts?.Nonce.ToString(), secret = receipts?.Secret.ToBase64() } });
            var made = await _node.ReadAsync("address");
            Assert.True(StreamSecret.TryParse(made.GetProperty("secret").GetString(), out var secret, out _));
            return new StreamSender(_toConnector, IlpAddress.Parse(made.GetProperty("address").GetString()!), secret, options);
        }

        public async Task<string?> TotalAsync()
        {
            await _node.WriteAsync(new { report = true });
            return (await _node.ReadAsync("total")).GetProperty("total").GetString();
        }

        public async ValueTask DisposeAsync()
        {
            await _node.DisposeAsync();
            _toConnector.Dispose();
            _toNode.Dispose();
            await _server.DisposeAsync();
        }

        private static IlpOverHttpClient Client(Uri endpoint) => new(new IlpOverHttpClientOptions { Endpoint = endpoint, Token = Token });
    }

    /// <summary>The way to a peer whose port is not known yet.</summary>
    private sealed class LateSender : IIlpSender, IDisposable
    {
        public IlpOverHttpClient? Target { get; set; }

        public ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken) =>
            Target!.SendAsync(prepare, cancellationToken);

        public void Dispose() => Target?.Dispose();
    }
}
