using BenchmarkDotNet.Attributes;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;
using Interledger.Net.Streaming.Sending;

namespace Codius.Benchmarks.Interledger;

/// <summary>
/// A payment of 1,000 packets from our sender to our receiver in the same process, per packet: what <see cref="ReceiverBenchmarks.Money"/>
/// takes is the receiver's part of it.
/// </summary>
[MemoryDiagnoser]
public class SenderBenchmarks : IIlpSender, IAsyncDisposable
{
    private const int Packets = 1000;

    private StreamReceiver _receiver = null!;
    private StreamSender _sender = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = IlpAddress.Parse("g.connector.host"),
            AssetCode = "XRP",
            AssetScale = 9,
            Secret = new StreamServerSecret(1, new byte[32]),
        });
        var (address, secret) = _receiver.Create(
            new StreamTokenClaims { AccountId = "hello", ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1) });
        _sender = new StreamSender(this, address, secret, new StreamSenderOptions { MaxPacketAmount = 1 });
        await _sender.SendAsync(1, CancellationToken.None);
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "A packet, sender and receiver together", OperationsPerInvoke = Packets)]
    public Task<PaymentResult> Send() => _sender.SendAsync(Packets, CancellationToken.None);

    public ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
    {
        if (!_receiver.TryReceive(prepare.Span, out var decision, out _)) throw new InvalidOperationException();
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(decision.IsFinished ? decision.Reply : decision.Money.Fulfill());
    }
}
