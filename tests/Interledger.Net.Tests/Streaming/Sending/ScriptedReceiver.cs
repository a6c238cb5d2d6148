using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>
/// A fake path with a fake receiver at its end: it has the keys, converts at a rate, and a test can replace a reply by its own.
/// </summary>
internal sealed class ScriptedReceiver : IIlpSender
{
    public static readonly IlpAddress Address = IlpAddress.Parse("test.receiver.token");

    private readonly Lock _lock = new();

    public StreamSecret Secret { get; } = StreamSecret.Generate();

    public ulong RateDelivered { get; set; } = 1;

    public ulong RateSent { get; set; } = 1;

    /// <summary>The most that connectors accept per packet, in the sender's units.</summary>
    public ulong MaxPacket { get; set; } = ulong.MaxValue;

    public bool TellsMaxPacket { get; set; } = true;

    /// <summary>The code for packets that are not fulfilled.</summary>
    public IlpErrorCode Refusal { get; set; } = IlpErrorCode.F99ApplicationError;

    /// <summary>Frames for every reply.</summary>
    public Func<Arrival, StreamFrame[]> Frames { get; set; } = _ => [];

    /// <summary>The test's own reply to a packet; null for the usual one.</summary>
    public Func<Arrival, IlpPacket?> Instead { get; set; } = _ => null;

    /// <summary>Awaited before a packet is replied to.</summary>
    public Func<Arrival, Task> Before { get; set; } = _ => Task.CompletedTask;

    public List<Arrival> Arrivals { get; } = [];

    public ulong Debited { get; private set; }

    public ulong Credited { get; private set; }

    private StreamKeys Keys => field ??= new StreamKeys(Secret);

    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
    {
        Assert.True(IlpPrepare.TryRead(prepare.Span, out var packet, out _));
        Assert.True(StreamPacket.TryOpen(packet.Data.Span, Keys, out var stream, out _));
        Arrival arrival;
        lock (_lock)
        {
            var fulfillable = Keys.Fulfill(packet.Data.Span).Condition == packet.ExecutionCondition;
            arrival = new Arrival(packet, stream, (ulong)((UInt128)packet.Amount * RateDelivered / RateSent), fulfillable, Arrivals.Count);
            Arrivals.Add(arrival);
        }

        await Before(arrival).WaitAsync(cancellationToken);
        lock (_lock) return (Instead(arrival) ?? Answer(arrival)).ToArray();
    }

    /// <summary>A sender to this receiver.</summary>
    public StreamSender Sender(StreamSenderOptions? options = null) => new(this, Address, Secret, options);

    /// <summary>Pays this receiver by a sender that is then disposed.</summary>
    public async Task<PaymentResult> SendPaymentAsync(ulong amount, StreamSenderOptions? options = null)
    {
        await using var sender = Sender(options);
        return await sender.SendAsync(amount, TestContext.Current.CancellationToken);
    }

    public IlpPacket Refuse(Arrival arrival, IlpErrorCode code, params StreamFrame[] frames) =>
        new IlpReject { Code = code, Data = Reply(arrival, IlpPacketType.Reject, frames) };

    private IlpPacket Answer(Arrival arrival)
    {
        if (arrival.Prepare.Amount > MaxPacket)
        {
            var figures = new byte[AmountTooLarge.Length];
            new AmountTooLarge(arrival.Prepare.Amount, MaxPacket).TryWrite(figures, out _);
            return new IlpReject { Code = IlpErrorCode.F08AmountTooLarge, Data = TellsMaxPacket ? figures : [] };
        }

        if (!arrival.Fulfillable || arrival.Amount < arrival.Stream.PrepareAmount) return Refuse(arrival, Refusal, Frames(arrival));

        Debited += arrival.Prepare.Amount;
        Credited += arrival.Amount;
        return new IlpFulfill
        {
            Fulfillment = Keys.Fulfill(arrival.Prepare.Data.Span),
            Data = Reply(arrival, IlpPacketType.Fulfill, Frames(arrival)),
        };
    }

    private byte[] Reply(Arrival arrival, IlpPacketType type, StreamFrame[] frames) =>
        new StreamPacket
        {
            PacketType = type,
            Sequence = arrival.Stream.Sequence,
            PrepareAmount = arrival.Amount,
            Frames = frames
        }.Seal(Keys);

    /// <summary>A packet as it arrived.</summary>
    internal sealed record Arrival(IlpPrepare Prepare, StreamPacket Stream, ulong Amount, bool Fulfillable, int Index);
}
