using Codius.Sandbox.Money;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;

namespace Codius.Sandbox.Connector;

/// <summary>
/// The connector between the visitor's wallet and the receivers: accepts packets over HTTP, holds their money and forwards them over HTTP.
/// <code>
///   wallet ──/ilp──► connector ──/ilp──► the gateway          (addresses at and below its own)
///                              └─/ilp──► the host's wallet    (test.sandbox.host...)
/// </code>
/// </summary>
internal sealed class SandboxConnector : IDisposable
{
    // RFC 27: each hop lowers the expiry, so that its own answer still comes in time.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly Books _books;
    private readonly TimeProvider _time;
    private readonly ulong _mostPerPacket;
    private readonly (IlpAddress Prefix, Holder Holder, IlpOverHttpClient Peer)[] _routes;

    public SandboxConnector(StateStore store, SandboxSettings settings, SandboxTokens tokens, TimeProvider time)
    {
        (_books, _time) = (store.Books, time);
        // A twentieth of one whole: a larger payment visibly travels in several packets.
        _mostPerPacket = Math.Max(1, Enumerable.Repeat(10UL, settings.AssetScale).Aggregate(1UL, (whole, ten) => whole * ten) / 20);
        Peers = new IlpPeerTokens("wallet", tokens.WalletToConnector);
        _routes =
        [
            (IlpAddress.Parse(settings.GatewayAddress), Holder.Gateway,
                Client(Loopback.UrlOf(null, "/ilp", settings), settings.GatewayToken)),
            (Receiving.HostWallet.Address, Holder.Host, Client(Loopback.UrlOf("wallet", "/ilp", settings), tokens.ConnectorToWallet)),
        ];

        IlpOverHttpClient Client(Uri endpoint, string token) =>
            new(new IlpOverHttpClientOptions { Endpoint = endpoint, Token = token, Time = time }, Loopback.CreateHandler(settings));
    }

    public static IlpAddress Address { get; } = IlpAddress.Parse("test.sandbox");

    public IlpPeerTokens Peers { get; }

    public ValueTask<ReadOnlyMemory<byte>> HandleAsync(IlpPrepareView packet, string peer, CancellationToken cancellation) =>
        ForwardAsync(packet.ToPrepare());

    private async ValueTask<ReadOnlyMemory<byte>> ForwardAsync(IlpPrepare prepare)
    {
        var route = Array.Find(_routes, route => IsAtOrBelow(prepare.Destination, route.Prefix));
        if (route.Peer is null) return Reject(IlpErrorCode.F02Unreachable, "the sandbox reaches this machine's gateway and wallet only");
        if (prepare.Amount > _mostPerPacket) return TooLarge(prepare.Amount);
        if (prepare.ExpiresAt - Margin <= _time.GetUtcNow()) return Reject(IlpErrorCode.R02InsufficientTimeout, "too little time left");
        if (!_books.TryHold(Holder.Visitor, prepare.Amount))
            return Reject(IlpErrorCode.T04InsufficientLiquidity, "the wallet has not enough play money");

        var fulfilled = false;
        try
        {
            // Not cancelled with the request: only the reply decides who owns the money.
            var reply = await route.Peer.SendAsync(Next(prepare).ToArray(), CancellationToken.None);
            fulfilled = IlpFulfill.TryRead(reply.Span, out var fulfill, out _) && IsFulfilled(prepare, fulfill);
            return fulfilled || IlpPacket.PeekType(reply.Span) == IlpPacketType.Reject ? reply
                : Reject(IlpErrorCode.F05WrongCondition, "wrong fulfillment");
        }
        finally
        {
            if (fulfilled) _books.Transfer(Holder.Visitor, route.Holder, prepare.Amount);
            else _books.Release(Holder.Visitor, prepare.Amount);
        }
    }

    public void Dispose()
    {
        foreach (var route in _routes) route.Peer.Dispose();
    }

    private static IlpPrepare Next(IlpPrepare prepare) => new()
    {
        Amount = prepare.Amount,
        ExpiresAt = prepare.ExpiresAt - Margin,
        ExecutionCondition = prepare.ExecutionCondition,
        Destination = prepare.Destination,
        Data = prepare.Data,
    };

    private static bool IsFulfilled(IlpPrepare prepare, IlpFulfill fulfill) => fulfill.Fulfillment.Condition == prepare.ExecutionCondition;

    private static bool IsAtOrBelow(IlpAddress address, IlpAddress prefix)
    {
        var (text, start) = (address.ToString(), prefix.ToString());
        return text.StartsWith(start, StringComparison.Ordinal) && (text.Length == start.Length || text[start.Length] == '.');
    }

    private byte[] TooLarge(ulong amount)
    {
        var data = new byte[AmountTooLarge.Length];
        new AmountTooLarge(amount, _mostPerPacket).TryWrite(data, out _);
        return new IlpReject
        {
            Code = IlpErrorCode.F08AmountTooLarge,
            TriggeredBy = Address,
            Message = "the packet is too large",
            Data = data
        }.ToArray();
    }

    private static byte[] Reject(IlpErrorCode code, string message) =>
        new IlpReject { Code = code, TriggeredBy = Address, Message = message }.ToArray();
}
