using BenchmarkDotNet.Attributes;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;

namespace Codius.Benchmarks.Interledger;

/// <summary>The parts of a STREAM exchange, each alone.</summary>
[MemoryDiagnoser]
[CpuTime]
public class StreamBenchmarks : IDisposable
{
    private readonly StreamKeys _keys = new(new StreamSecret(new byte[32]));
    private readonly ReceiptSecret _secret = new(new byte[32]);
    private readonly byte[] _room = new byte[256];
    private StreamPacket _packet = null!;
    private byte[] _plaintext = null!, _envelope = null!, _receipt = null!;
    private IlpFulfillment _fulfillment;

    [GlobalCleanup]
    public void Dispose()
    {
        _keys.Dispose();
        GC.SuppressFinalize(this);
    }

    [GlobalSetup]
    public void SetUp()
    {
        _packet = new StreamPacket
        {
            PacketType = IlpPacketType.Prepare,
            Sequence = 17,
            PrepareAmount = 900_000,
            Frames = [new StreamMoneyFrame(1, 1)]
        };
        _plaintext = new byte[_packet.EncodedLength];
        _packet.TryWrite(_plaintext, out _);
        _envelope = _packet.Seal(_keys);
        _fulfillment = _keys.Fulfill(_envelope);
        _receipt = new StreamReceipt(ReceiptNonce.Generate(), 1, 1_000_000).Sign(_secret);
    }

    [Benchmark(Description = "STREAM packet encode")]
    public bool StreamPacketEncode() => _packet.TryWrite(_room, out _);

    [Benchmark(Description = "STREAM packet decode in place")]
    public ulong StreamPacketDecodeInPlace() => StreamPacketView.TryRead(_plaintext, out var packet, out _) ? packet.Sequence : 0;

    [Benchmark(Description = "STREAM packet decode")]
    public StreamPacket? StreamPacketDecode() => StreamPacket.TryRead(_plaintext, out var packet, out _) ? packet : null;

    [Benchmark(Description = "Envelope seal")]
    public void EnvelopeSeal() => _keys.Seal(_plaintext, _room.AsSpan(0, _envelope.Length));

    [Benchmark(Description = "Envelope open")]
    public bool EnvelopeOpen() => _keys.TryOpen(_envelope, _room, out _, out _);

    [Benchmark(Description = "Fulfillment of a packet")]
    public IlpFulfillment FulfillmentOfAPacket() => _keys.Fulfill(_envelope);

    [Benchmark(Description = "Condition of a fulfillment")]
    public IlpCondition ConditionOfAFulfillment() => _fulfillment.Condition;

    [Benchmark(Description = "Receipt verify")]
    public bool ReceiptVerify() => StreamReceipt.TryVerify(_receipt, _secret, out _, out _);
}
