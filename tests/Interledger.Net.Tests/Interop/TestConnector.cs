using Interledger.Net.AspNetCore;
using Interledger.Net.Ildcp;
using Interledger.Net.Packets;

namespace Interledger.Net.Tests.Interop;

/// <summary>
/// A small connector between the two ends of a test, with play money: it forwards, converts, keeps an account of each side, and can lose,
/// delay and refuse packets as its <see cref="NetworkFaults"/> say. Real peers reach it over ILP over HTTP; it answers IL-DCP (RFC 31).
/// </summary>
internal sealed class TestConnector(IIlpSender next, NetworkFaults faults) : IIlpSender
{
    private readonly Lock _lock = new();

    /// <summary>How many packets were fulfilled.</summary>
    public ulong Fulfilled { get; private set; }

    /// <summary>Units taken from the payer for fulfilled packets.</summary>
    public ulong Debited { get; private set; }

    /// <summary>Units given to the receiver's side for fulfilled packets.</summary>
    public ulong Credited { get; private set; }

    /// <summary>Units the receiver accepted in packets whose fulfillment was lost here: the loss of the connector alone.</summary>
    public ulong Borne { get; private set; }

    /// <summary>The response to IL-DCP requests.</summary>
    public required IldcpResponse Client { get; init; }

    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
    {
        Assert.True(IlpPrepare.TryRead(prepare.Span, out var packet, out var error), error.ToString());
        if (packet.Destination == IldcpRequest.Destination) return Client.ToFulfill().ToArray();

        var fate = faults.Next(packet.Amount);
        if (fate.TooLarge is { } figures) return F08(figures);
        if (fate.Refusal is { } code) return new IlpReject { Code = code }.ToArray();
        await Task.Delay(fate.Delay, TimeProvider.System, cancellationToken);
        if (fate.LosesPrepare) return await LostAsync(packet, cancellationToken);

        var forwarded = new IlpPrepare
        {
            Amount = fate.Amount,
            ExpiresAt = packet.ExpiresAt - TimeSpan.FromMilliseconds(500),
            ExecutionCondition = packet.ExecutionCondition,
            Destination = packet.Destination,
            Data = packet.Data,
        };
        var reply = await next.SendAsync(forwarded.ToArray(), cancellationToken);
        if (!IlpFulfill.TryRead(reply.Span, out var fulfill, out _)) return reply;

        Assert.Equal(packet.ExecutionCondition, fulfill.Fulfillment.Condition);
        lock (_lock)
        {
            Fulfilled++;
            Credited += fate.Amount;
            if (fate.LosesReply) Borne += fate.Amount;
            else Debited += packet.Amount;
        }

        return fate.LosesReply ? await LostAsync(packet, cancellationToken) : reply;
    }

    public IlpPacketHandler AsHandler() => (prepare, _, cancellationToken) => SendAsync(prepare.ToPrepare().ToArray(), cancellationToken);

    private static async Task<ReadOnlyMemory<byte>> LostAsync(IlpPrepare packet, CancellationToken cancellationToken)
    {
        var left = packet.ExpiresAt - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System, cancellationToken);
        return new IlpReject { Code = IlpErrorCode.R00TransferTimedOut }.ToArray();
    }

    private static byte[] F08(AmountTooLarge figures)
    {
        var data = new byte[AmountTooLarge.Length];
        figures.TryWrite(data, out _);
        return new IlpReject { Code = IlpErrorCode.F08AmountTooLarge, Data = data }.ToArray();
    }
}
