using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// Probes the path before any money is sent: a packet of amount 0 reaches the receiver, then unfulfillable packets measure the maximum
/// packet amount and the rate.
/// </summary>
internal sealed class PathProbe(PacketExchange exchange, PathKnowledge path, StreamSenderOptions options)
{
    // Large, so that the rounding of each hop hardly affects the measured rate; a million of a currency at scale 6.
    private const ulong FirstAmount = 1_000_000_000_000;

    private readonly Pacing _pacing = new(options.Time, 1);
    private readonly long _start = options.Time.GetTimestamp();

    public IlpErrorCode LastCode { get; private set; }

    /// <summary>Probes until the rate is known.</summary>
    /// <returns>Null, or why the path cannot be used.</returns>
    public async Task<PaymentEnding?> RunAsync(CancellationToken stop)
    {
        for (var amount = 0UL; ;)
        {
            if (stop.IsCancellationRequested) return PaymentEnding.Stopped;
            if (exchange.IsKeyUsedUp) return PaymentEnding.KeyUsedUp;
            if (options.Time.GetElapsedTime(_start) > options.IdleTimeout) return PaymentEnding.TimedOut;

            var reply = await SendAsync(amount);
            path.Apply(reply);
            LastCode = reply.Code;
            if (reply.IsClosed) return PaymentEnding.ClosedByReceiver;
            if (reply.IsRefusal && amount > 0) return null;

            if (reply.IsRefusal || reply.Code == IlpErrorCode.F08AmountTooLarge) amount = Math.Min(FirstAmount, path.Capacity.Next);
            else if (reply.Code == IlpErrorCode.T04InsufficientLiquidity && amount > 1) amount /= 10;
            else if (reply.Code.Class == IlpErrorClass.Final) return PaymentEnding.RejectedOnPath;
            else await WaitAsync(reply, stop);
            if (path.Capacity.Next == 0) return PaymentEnding.RejectedOnPath;
        }
    }

    private Task<StreamReply> SendAsync(ulong amount)
    {
        var packet = new SentPacket(amount, Minimum: 0, Most: 0, Slack: 0, options.Time.GetTimestamp());
        // The empty address: some receivers send packets to a sender's address, and close the connection when those are rejected.
        return path.IsConnected
            ? exchange.ProbeAsync(packet)
            : exchange.ProbeAsync(packet, new ConnectionNewAddressFrame(IlpAddress.Empty));
    }

    /// <summary>Waits before the next attempt.</summary>
    private async Task WaitAsync(StreamReply reply, CancellationToken stop)
    {
        _pacing.OnTemporaryError(reply.Packet.SentAt);
        await Task.Delay(_pacing.Wait, options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
