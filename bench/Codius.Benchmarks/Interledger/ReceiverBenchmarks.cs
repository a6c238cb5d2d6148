using BenchmarkDotNet.Attributes;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;

namespace Codius.Benchmarks.Interledger;

/// <summary>
/// The receiver's logic per packet, without HTTP and without a ledger: read the Prepare, find the connection, decrypt, decide, write and
/// encrypt the reply.
/// </summary>
[MemoryDiagnoser]
[CpuTime]
public class ReceiverBenchmarks
{
    private StreamReceiver _receiver = null!, _forgetful = null!;
    private byte[] _money = null!, _probe = null!, _withReceipt = null!, _forged = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _receiver = Receiver(cachedConnections: 4096);
        _forgetful = Receiver(cachedConnections: 0);
        _money = Packet(receipts: false, fulfillable: true, 0);
        _probe = Packet(receipts: false, fulfillable: false, 0);
        _withReceipt = Packet(receipts: true, fulfillable: true, 0);
        _forged = Packet(receipts: false, fulfillable: true, 1);
    }

    [Benchmark(Description = "Money, fulfilled", Baseline = true)]
    public byte[] Money() => Fulfill(_receiver, _money, null);

    [Benchmark(Description = "Money, fulfilled with a receipt")]
    public byte[] Receipt() => Fulfill(_receiver, _withReceipt, 1_000_000);

    [Benchmark(Description = "Money, first packet of a connection")]
    public byte[] First() => Fulfill(_forgetful, _money, null);

    [Benchmark(Description = "Probe, rejected")]
    public byte[] Probe() => _receiver.TryReceive(_probe, out var decision, out _)
        ? decision.Reply!
        : throw new InvalidOperationException();

    [Benchmark(Description = "Forged address, rejected")]
    public byte[] Forged() =>
        _receiver.TryReceive(_forged, out var decision, out _) ? decision.Reply! : throw new InvalidOperationException();

    private static byte[] Fulfill(StreamReceiver receiver, byte[] packet, ulong? total) =>
        receiver.TryReceive(packet, out var decision, out _) ? decision.Money.Fulfill(total) : throw new InvalidOperationException();

    private static StreamReceiver Receiver(int cachedConnections) => new(new StreamReceiverOptions
    {
        Address = IlpAddress.Parse("g.connector.host"),
        AssetCode = "XRP",
        AssetScale = 9,
        Secret = new StreamServerSecret(1, new byte[32]),
        MaximumWindow = TimeSpan.FromDays(1),
        CachedConnections = cachedConnections,
    });

    private byte[] Packet(bool receipts, bool fulfillable, int changed)
    {
        var now = TimeProvider.System.GetUtcNow();
        var credentials = _receiver.Create(new StreamTokenClaims
        {
            AccountId = "hello",
            ExpiresAt = now.AddDays(1),
            Receipts = receipts ? new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(new byte[32])) : null,
        });
        using var keys = new StreamKeys(credentials.SharedSecret);
        var data = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = 17,
            PrepareAmount = 900_000,
            Frames = [new StreamMoneyFrame(1, 1)]
        }.Seal(keys);
        var address = credentials.DestinationAccount.ToString();
        return new IlpPrepare
        {
            Amount = 1_000_000,
            ExpiresAt = now.AddHours(12),
            ExecutionCondition = fulfillable ? keys.Fulfill(data).Condition : default,
            Destination = changed == 0
                ? credentials.DestinationAccount
                : IlpAddress.Parse(address[..^changed] + (address[^1] == 'A' ? 'B' : 'A')),
            Data = data,
        }.ToArray();
    }
}
