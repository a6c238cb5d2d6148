using System.Text.Json;
using Codius.Testing;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Interledger.Net.Tests.Interop;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>
/// The npm library <c>@interledger/open-payments</c> as a client of a gateway: signs each call, and validates each response against
/// the specification.
/// </summary>
internal sealed class RealClient : IAsyncDisposable
{
    private readonly NodePeer _node;

    private RealClient(NodePeer node, string walletAddress) => (_node, WalletAddress) = (node, walletAddress);

    /// <summary>The client's wallet address; its key set is beside it.</summary>
    public string WalletAddress { get; }

    public static async Task<RealClient> StartAsync(TestAuthority authority)
    {
        var node = NodePeer.Start("open-payments.mjs", new { }, authority.AuthorityFile);
        return new RealClient(node, (await node.ReadAsync("ready")).GetProperty("ready").GetString()!);
    }

    /// <summary>A call that must succeed.</summary>
    public async Task<JsonElement> CallAsync(string call, params object[] with)
    {
        var said = await RequestAsync(new { call, with });
        Assert.False(said.TryGetProperty("refused", out _), $"{call}: {said}");
        return said.GetProperty("answer");
    }

    /// <summary>A call that must be refused.</summary>
    public async Task<(int Status, string? Code)> RefusedAsync(string call, params object[] with)
    {
        var said = await RequestAsync(new { call, with });
        Assert.True(said.TryGetProperty("refused", out var refused), $"{call}: {said}");
        return (refused.GetProperty("status").GetInt32(), refused.GetProperty("code").GetString());
    }

    /// <summary>A grant requested by a bare key instead of the wallet address.</summary>
    public async Task<JsonElement> RequestWithBareKeyAsync(params object[] with) =>
        (await RequestAsync(new { call = "grant.request", with, bare = true })).GetProperty("answer");

    /// <summary>How an incoming payment is paid.</summary>
    public static SpspResponse MethodOf(JsonElement payment)
    {
        var method = Assert.Single(payment.GetProperty("methods").EnumerateArray());
        Assert.Equal("ilp", method.GetProperty("type").GetString());
        return new SpspResponse(
            IlpAddress.Parse(method.GetProperty("ilpAddress").GetString()!),
            new StreamSecret(System.Buffers.Text.Base64Url.DecodeFromChars(method.GetProperty("sharedSecret").GetString()!)));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<JsonElement> RequestAsync(object line)
    {
        await _node.WriteAsync(line);
        return await _node.ReadAsync("answer");
    }
}
