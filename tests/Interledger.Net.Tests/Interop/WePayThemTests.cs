using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Interop;

/// <summary>Our sender pays the receivers of the JavaScript world, over ILP over HTTP, through a connector that tests both.</summary>
public sealed class WePayThemTests
{
    private const string Token = "interop-token";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NodeReceiver.StreamServer, "1")]
    [InlineData(NodeReceiver.StreamServer, "1000000")]
    [InlineData(NodeReceiver.StreamServer, "9007199254740993")]
    [InlineData(NodeReceiver.Alpha3, "1")]
    [InlineData(NodeReceiver.Alpha3, "1000000")]
    [InlineData(NodeReceiver.Alpha3, "9007199254740993")]
    [InlineData(NodeReceiver.Alpha4, "1")]
    [InlineData(NodeReceiver.Alpha4, "1000000")]
    [InlineData(NodeReceiver.Alpha4, "9007199254740993")]
    public async Task An_amount_arrives_to_the_unit(string package, string amount)
    {
        await using var peer = await Peer.StartAsync(package, new NetworkFaults());
        await using var sender = await peer.SenderAsync();

        var result = await sender.SendAsync(ulong.Parse(amount, null), Stop);

        Assert.Equal((PaymentEnding.Completed, amount, amount), (result.Ending, $"{result.Sent}", $"{result.Delivered}"));
        Assert.Equal(new ReceiverAsset("XYZ", 9), result.Asset);
        Assert.Equal(amount, await peer.TotalAsync());
    }

    [Theory]
    [InlineData(NodeReceiver.StreamServer)]
    [InlineData(NodeReceiver.Alpha3)]
    [InlineData(NodeReceiver.Alpha4)]
    public async Task A_lossy_slow_reordering_rate_changing_path_costs_nobody_but_the_connector(string package)
    {
        var faults = new NetworkFaults(seed: 42)
        {
            MaxPacket = 2_000,
            Rates = [new(2, 1), new(1999, 1000), new(2001, 1000), new(199, 100)],
            PreparesLost = 20,
            RepliesLost = 20,
            Refused = 100,
            MaxDelay = 30,
        };
        await using var peer = await Peer.StartAsync(package, faults);
        await using var sender = await peer.SenderAsync(
            new StreamSenderOptions { PacketExpiry = TimeSpan.FromSeconds(3), MinimumRate = new(198, 100) });

        var result = await sender.SendAsync(200_000, Stop);

        Assert.Equal((PaymentEnding.Completed, 200_000UL), (result.Ending, result.Sent));
        Assert.Equal(result.Sent, peer.Connector.Debited);
        Assert.Equal($"{peer.Connector.Credited}", await peer.TotalAsync());
        Assert.Equal(peer.Connector.Credited - peer.Connector.Borne, result.Delivered);
        Assert.InRange(result.Delivered, 396_000UL, 401_000UL);
    }

    [Theory]
    [InlineData(NodeReceiver.StreamServer)]
    [InlineData(NodeReceiver.Alpha3)]
    [InlineData(NodeReceiver.Alpha4)]
    public async Task Receipts_add_up_to_the_payment(string package)
    {
        var nonce = ReceiptNonce.Generate();
        var secret = new ReceiptSecret(RandomNumberGenerator.GetBytes(ReceiptSecret.Length));
        await using var peer = await Peer.StartAsync(package, new NetworkFaults { MaxPacket = 300, MaxDelay = 10 });
        await using var sender = await peer.SenderAsync(receipts: (nonce, secret));

        var result = await sender.SendAsync(10_000, Stop);

        Assert.Equal((PaymentEnding.Completed, 10_000UL), (result.Ending, result.Delivered));
        Assert.True(StreamReceipt.TryVerify(result.Receipt.Span, secret, out var receipt, out var error), error.ToString());
        Assert.Equal(new StreamReceipt(nonce, 1, 10_000), receipt);
    }

    [Theory]
    [InlineData(NodeReceiver.StreamServer)]
    [InlineData(NodeReceiver.Alpha4)]
    public async Task Money_streams_until_told_to_stop_and_both_sides_agree_on_how_much(string package)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var options = new StreamSenderOptions { StreamingInterval = TimeSpan.FromMilliseconds(20), Progress = new UntilSent(500, stop) };
        await using var peer = await Peer.StartAsync(package, new NetworkFaults { MaxDelay = 30 });
        await using var sender = await peer.SenderAsync(options);

        var result = await sender.StreamAsync(unitsPerSecond: 5_000, ulong.MaxValue, stop.Token);

        Assert.Equal(PaymentEnding.Stopped, result.Ending);
        Assert.True(result.Sent >= 500);
        Assert.Equal(($"{result.Sent}", $"{result.Delivered}"), ($"{peer.Connector.Debited}", await peer.TotalAsync()));
    }

    [Fact]
    public async Task An_exact_amount_is_delivered()
    {
        await using var peer = await Peer.StartAsync(NodeReceiver.Alpha4, new NetworkFaults { Rates = [new(3, 7)], MaxPacket = 1_000 });
        await using var sender = await peer.SenderAsync();
        var result = await sender.DeliverAsync(12_345, ulong.MaxValue, Stop);
        Assert.Equal((PaymentEnding.Completed, "12345"), (result.Ending, await peer.TotalAsync()));
    }

    /// <summary>A Node receiver, the connector before it, and our sender's link to that: both hops are ILP over HTTP.</summary>
    private sealed class Peer : IAsyncDisposable
    {
        private readonly LoopbackServer _server;
        private readonly IlpOverHttpClient _toConnector;
        private readonly LateSender _toNode;
        private readonly NodeReceiver _receiver;

        private Peer(NodeReceiver receiver, LoopbackServer server, TestConnector connector, LateSender toNode)
        {
            (_receiver, _server, Connector, _toNode) = (receiver, server, connector, toNode);
            _toConnector = Client(new Uri(server.Url, "/ilp"));
        }

        public TestConnector Connector { get; }

        public static async Task<Peer> StartAsync(string package, NetworkFaults faults)
        {
            var toNode = new LateSender();
            var address = IlpAddress.Parse("test.connector.peer");
            var connector = new TestConnector(toNode, faults) { Client = new(address, "XYZ", 9) };
            var server = await LoopbackServer.StartAsync(app =>
                app.MapIlpOverHttp("/ilp", new IlpPeerTokens("peer", Token), connector.AsHandler()));
            var receiver = await NodeReceiver.StartAsync(package, new Uri(server.Url, "/ilp"), Token, address.ToString());
            toNode.Target = Client(receiver.Endpoint);
            await receiver.ReadyAsync();
            return new Peer(receiver, server, connector, toNode);
        }

        public Task<StreamSender> SenderAsync(
            StreamSenderOptions? options = null, (ReceiptNonce Nonce, ReceiptSecret Secret)? receipts = null) =>
            _receiver.SenderAsync(_toConnector, options, receipts);

        public Task<string?> TotalAsync() => _receiver.TotalAsync();

        public async ValueTask DisposeAsync()
        {
            await _receiver.DisposeAsync();
            _toConnector.Dispose();
            _toNode.Dispose();
            await _server.DisposeAsync();
        }

        private static IlpOverHttpClient Client(Uri endpoint) => new(new IlpOverHttpClientOptions { Endpoint = endpoint, Token = Token });
    }

    /// <summary>Stops a payment when it has sent enough.</summary>
    private sealed class UntilSent(ulong enough, CancellationTokenSource stop) : IProgress<PaymentProgress>
    {
        public void Report(PaymentProgress value)
        {
            if (value.Sent >= enough) stop.Cancel();
        }
    }

    /// <summary>A link to a peer whose port is not known yet.</summary>
    private sealed class LateSender : IIlpSender, IDisposable
    {
        public IlpOverHttpClient? Target { get; set; }

        public ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken) =>
            Target!.SendAsync(prepare, cancellationToken);

        public void Dispose() => Target?.Dispose();
    }
}
