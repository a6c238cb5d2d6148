using System.Collections.Concurrent;
using Codius.Sandbox.Money;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Receiving;

namespace Codius.Sandbox.Receiving;

/// <summary>
/// The host's receiving wallet of Wallet mode: answers SPSP queries, receives packets, and proves the received total by receipts.
/// </summary>
internal sealed class HostWallet
{
    private static readonly TimeSpan AddressLifetime = TimeSpan.FromHours(24);

    // A receipt's total is a connection's; after a restart payers query SPSP again and so begin a new one.
    private readonly ConcurrentDictionary<ReceiptNonce, ulong> _totals = new();
    private readonly StreamReceiver _receiver;
    private readonly TimeProvider _time;

    public HostWallet(StateStore store, SandboxSettings settings, SandboxTokens tokens, TimeProvider time)
    {
        _time = time;
        Peers = new IlpPeerTokens("connector", tokens.ConnectorToWallet);
        _receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = Address,
            AssetCode = settings.AssetCode,
            AssetScale = (byte)settings.AssetScale,
            Secret = new StreamServerSecret(0, Convert.FromBase64String(store.Secret)),
            TimeProvider = time,
        });
    }

    public static IlpAddress Address { get; } = IlpAddress.Parse("test.sandbox.host");

    public IlpPeerTokens Peers { get; }

    public SpspResponse Answer(ReceiptSetup? receipts)
    {
        var made = _receiver.Create(
            new StreamTokenClaims { AccountId = "host", ExpiresAt = _time.GetUtcNow() + AddressLifetime, Receipts = receipts });
        return new SpspResponse(made.DestinationAccount, made.SharedSecret, receipts is not null);
    }

    /// <summary>Receives a packet. The connector books its money when the Fulfill arrives there: both share one set of books.</summary>
    public ValueTask<ReadOnlyMemory<byte>> HandleAsync(IlpPrepareView packet, string peer, CancellationToken cancellation)
    {
        var decision = _receiver.Receive(packet);
        if (decision.IsFinished) return ValueTask.FromResult<ReadOnlyMemory<byte>>(decision.Reply);
        var money = decision.Money;
        ulong? total = money.Claims.Receipts is { } receipts
            ? _totals.AddOrUpdate(receipts.Nonce, money.Amount, (_, known) => known + money.Amount) : null;
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(money.Fulfill(total));
    }
}
