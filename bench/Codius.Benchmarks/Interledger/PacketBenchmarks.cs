using BenchmarkDotNet.Attributes;
using Interledger.Net.Packets;

namespace Codius.Benchmarks.Interledger;

/// <summary>Encode and decode of each ILPv4 packet as a STREAM payment carries it: a long address, 80 bytes of data.</summary>
[MemoryDiagnoser]
[CpuTime]
public class PacketBenchmarks
{
    private readonly byte[] _buffer = new byte[1024];
    private IlpPrepare _prepare = null!;
    private IlpFulfill _fulfill = null!;
    private IlpReject _reject = null!;
    private byte[] _prepareBytes = null!, _fulfillBytes = null!, _rejectBytes = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var data = new byte[80];
        _prepare = new IlpPrepare
        {
            Amount = 1_000_000,
            ExpiresAt = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
            ExecutionCondition = new IlpCondition(new byte[32]),
            Destination = IlpAddress.Parse("g.connector.host." + new string('x', 80)),
            Data = data,
        };
        _fulfill = new IlpFulfill { Fulfillment = new IlpFulfillment(new byte[32]), Data = data };
        _reject = new IlpReject
        {
            Code = IlpErrorCode.F99ApplicationError,
            TriggeredBy = IlpAddress.Parse("g.connector.host"),
            Message = "the condition cannot be fulfilled",
            Data = data,
        };
        (_prepareBytes, _fulfillBytes, _rejectBytes) = (_prepare.ToArray(), _fulfill.ToArray(), _reject.ToArray());
    }

    [Benchmark(Description = "Prepare encode")]
    public bool PrepareEncode() => _prepare.TryWrite(_buffer, out _);

    [Benchmark(Description = "Prepare decode in place")]
    public ulong PrepareDecodeInPlace() => IlpPrepareView.TryRead(_prepareBytes, out var prepare, out _) ? prepare.Amount : 0;

    [Benchmark(Description = "Prepare decode")]
    public IlpPrepare? PrepareDecode() => IlpPrepare.TryRead(_prepareBytes, out var prepare, out _) ? prepare : null;

    [Benchmark(Description = "Fulfill encode")]
    public bool FulfillEncode() => _fulfill.TryWrite(_buffer, out _);

    [Benchmark(Description = "Fulfill decode")]
    public IlpFulfill? FulfillDecode() => IlpFulfill.TryRead(_fulfillBytes, out var fulfill, out _) ? fulfill : null;

    [Benchmark(Description = "Reject encode")]
    public bool RejectEncode() => _reject.TryWrite(_buffer, out _);

    [Benchmark(Description = "Reject decode")]
    public IlpReject? RejectDecode() => IlpReject.TryRead(_rejectBytes, out var reject, out _) ? reject : null;
}
