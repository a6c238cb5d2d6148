using System.Collections.Concurrent;
using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Receiving;

namespace Interledger.Net.Tests.Interop;

/// <summary>Our receiver as a host would run it: with a ledger that credits each packet once, and totals for receipts.</summary>
internal sealed class OurReceiver
{
    private readonly StreamReceiver _receiver = new(new StreamReceiverOptions
    {
        Address = IlpAddress.Parse("test.connector.us"),
        AssetCode = "XYZ",
        AssetScale = 9,
        Secret = new StreamServerSecret(1, RandomNumberGenerator.GetBytes(StreamServerSecret.Length)),
    });

    private readonly ConcurrentDictionary<IlpCondition, bool> _credited = new();
    private readonly ConcurrentDictionary<string, ulong> _balances = new();

    /// <summary>The most units one packet may carry.</summary>
    public ulong MaxPacket { get; init; } = ulong.MaxValue;

    public StreamCredentials Create(string account, ReceiptSetup? receipts = null) => _receiver.Create(new StreamTokenClaims
    {
        AccountId = account,
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
        Receipts = receipts,
    });

    public ulong BalanceOf(string account) => _balances.GetValueOrDefault(account);

    public IlpPacketHandler AsHandler() => (prepare, _, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(Answer(prepare));

    private byte[] Answer(IlpPrepareView prepare)
    {
        var decision = _receiver.Receive(prepare);
        if (decision.IsFinished) return decision.Reply;

        var money = decision.Money;
        if (money.Amount > MaxPacket) return money.RejectAmountTooLarge(MaxPacket);
        var added = _credited.TryAdd(money.Condition, true) ? money.Amount : 0;
        return money.Fulfill(_balances.AddOrUpdate(money.Claims.AccountId, added, (_, balance) => balance + added));
    }
}
