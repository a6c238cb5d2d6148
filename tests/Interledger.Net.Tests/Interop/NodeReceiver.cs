using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Interop;

/// <summary>A STREAM receiver that runs in Node, behind ILP over HTTP.</summary>
internal sealed class NodeReceiver : IAsyncDisposable
{
    public const string StreamServer = "ilp-protocol-stream";
    public const string Alpha3 = "@interledger/stream-receiver-alpha3";
    public const string Alpha4 = "@interledger/stream-receiver";

    private readonly NodePeer _node;
    private readonly bool _asksFirst;

    private NodeReceiver(NodePeer node, int port, bool asksFirst)
    {
        (_node, _asksFirst) = (node, asksFirst);
        Endpoint = new Uri($"http://127.0.0.1:{port}/");
    }

    /// <summary>The endpoint for packets.</summary>
    public Uri Endpoint { get; }

    /// <summary>
    /// Starts one. The server of ilp-protocol-stream requests its address from <paramref name="parent"/>; the others get it as an argument.
    /// </summary>
    public static async Task<NodeReceiver> StartAsync(string package, Uri parent, string token, string address, byte scale = 9)
    {
        var node = package == StreamServer
            ? NodePeer.Start("stream-server.mjs", new { url = parent, token })
            : NodePeer.Start("stream-receiver.mjs", new { package, token, prefix = address, asset = new { code = "XYZ", scale } });
        var port = (await node.ReadAsync("port")).GetProperty("port").GetInt32();
        return new NodeReceiver(node, port, package == StreamServer);
    }

    /// <summary>A sender to a new address of this receiver's.</summary>
    public async Task<StreamSender> SenderAsync(
        IIlpSender path, StreamSenderOptions? options = null, (ReceiptNonce Nonce, ReceiptSecret Secret)? receipts = null)
    {
        await _node.WriteAsync(new { make = new { nonce = receipts?.Nonce.ToString(), secret = receipts?.Secret.ToBase64() } });
        var made = await _node.ReadAsync("address");
        Assert.True(StreamSecret.TryParse(made.GetProperty("secret").GetString(), out var secret, out _));
        return new StreamSender(path, IlpAddress.Parse(made.GetProperty("address").GetString()!), secret, options);
    }

    public async Task ReadyAsync()
    {
        if (_asksFirst) await _node.ReadAsync("ready");
    }

    /// <summary>Units received on all addresses, as the receiver counts them.</summary>
    public async Task<string?> TotalAsync()
    {
        await _node.WriteAsync(new { report = true });
        return (await _node.ReadAsync("total")).GetProperty("total").GetString();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
