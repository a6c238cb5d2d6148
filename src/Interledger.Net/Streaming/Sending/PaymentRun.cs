using System.Threading.Channels;
using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// One payment: a loop, on one thread at a time, that applies the replies that have come, queries the goal for the amount due, and sends
/// it in packets.
/// </summary>
internal sealed class PaymentRun(
    PacketExchange exchange, PathKnowledge path, PaymentGoal goal, ExchangeRate minimum, StreamSenderOptions options)
{
    // The number of consecutive refusals by the receiver, each after a longer delay, that ends the payment: about 3 seconds.
    private const int MostRefusals = 6;

    private readonly Channel<StreamReply> _replies =
        Channel.CreateUnbounded<StreamReply>(new UnboundedChannelOptions { SingleReader = true });
    private readonly PaymentTotals _totals = new();
    private readonly Pacing _pacing = new(options.Time, options.MaxPacketsInFlight);
    private readonly TimeProvider _time = options.Time;

    private PaymentEnding? _ending;
    private PaymentEnding _endingOnTimeout = PaymentEnding.TimedOut;
    private IlpErrorCode _lastCode;
    private int _refusals;
    private long _progressAt;

    public async Task<PaymentResult> RunAsync(CancellationToken stop)
    {
        _progressAt = _time.GetTimestamp();
        // Rounding may cost one unit of the whole payment, but not if the caller set a minimum rate.
        if (options.MinimumRate is null) _totals.Grant(1);

        while (true)
        {
            while (_replies.Reader.TryRead(out var reply)) Apply(reply);
            if (stop.IsCancellationRequested) _ending ??= PaymentEnding.Stopped;
            if (goal.IsReached(_totals)) _ending = PaymentEnding.Completed;
            else if (goal.IsOutOfSource(_totals)) _ending ??= PaymentEnding.SourceLimitReached;
            else if (_time.GetElapsedTime(_progressAt) > options.IdleTimeout) _ending ??= _endingOnTimeout;

            if (_ending is { } ending && _totals.PacketsInFlight == 0) return Result(ending);
            var wait = _ending is null ? SendNext() : Timeout.InfiniteTimeSpan;
            if (wait != TimeSpan.Zero) await WaitAsync(wait, _ending is null ? stop : CancellationToken.None);
        }
    }

    /// <summary>Sends one packet if possible; returns how long to wait for a reply before the next call.</summary>
    private TimeSpan SendNext()
    {
        var due = goal.Due(_totals, path.Rate);
        if (path.RoomLeft is { } room) due = Math.Min(due, path.Rate.Lower.SourceFor(room - Math.Min(room, _totals.DeliveringAtMost)));
        if (due == 0 && path.RoomLeft is not null && _totals.PacketsInFlight == 0 && goal.Due(_totals, path.Rate) > 0)
            return End(PaymentEnding.ReceiverLimitReached);
        // Too little for one unit to arrive: wait if more becomes due with time.
        if (due == 0 || (goal.MoreDueIn is not null && path.Rate.Lower.Floor(due) == 0))
        {
            if (_totals.PacketsInFlight == 0) _progressAt = _time.GetTimestamp();
            return goal.MoreDueIn ?? Timeout.InfiniteTimeSpan;
        }

        if (_totals.PacketsInFlight >= _pacing.Window) return Timeout.InfiniteTimeSpan;
        var wait = _pacing.Wait;
        if (wait > TimeSpan.Zero) return wait;
        if (path.Capacity.Next == 0) return End(PaymentEnding.RejectedOnPath);
        if (exchange.IsKeyUsedUp) return End(PaymentEnding.KeyUsedUp);
        var amount = EvenShare(due, path.Capacity.Next);
        if (path.Rate.MostDelivered(amount) == 0) return End(PaymentEnding.RateTooLow);

        Send(amount);
        return TimeSpan.Zero;
    }

    /// <summary>
    /// Splits the amount evenly, so that no remainder is too small to arrive; all packets but the last are reduced to an amount from which
    /// rounding takes nothing.
    /// </summary>
    private ulong EvenShare(ulong due, ulong most)
    {
        var packets = ((due - 1) / most) + 1;
        var amount = ((due - 1) / packets) + 1;
        var delivered = path.Rate.Lower.Floor(amount);
        return packets == 1 || delivered == 0 ? amount : Math.Min(amount, path.Rate.Lower.SourceFor(delivered));
    }

    private void Send(ulong amount)
    {
        var strict = StrictMinimum(amount);
        var slack = Math.Min(strict > 1 && path.Rate.Lower.Floor(amount) < strict ? 1UL : 0UL, _totals.Surplus);
        var packet = new SentPacket(amount, strict - slack, path.Rate.MostDelivered(amount), slack, _time.GetTimestamp());
        _totals.Start(packet);
        _ = SendAsync(packet);
    }

    private async Task SendAsync(SentPacket packet)
    {
        try
        {
            _replies.Writer.TryWrite(await exchange.PayAsync(packet));
        }
        catch (Exception exception)
        {
            // A link that throws violates its contract: the amounts are no longer known, and the caller must get the exception.
            _replies.Writer.TryComplete(exception);
            throw;
        }
    }

    private ulong StrictMinimum(ulong amount) => Math.Max(1, minimum.Ceiling(amount));

    private void Apply(StreamReply reply)
    {
        var packet = reply.Packet;
        path.Apply(reply);
        // The reported amount counts only above the minimum: below it the receiver would not have fulfilled.
        _totals.Finish(packet, reply.IsFulfilled,
            Math.Max(packet.Minimum, reply.IsAuthentic ? reply.Received : 0), StrictMinimum(packet.Amount));
        if (reply.IsFulfilled) ApplyFulfill(reply);
        else ApplyReject(reply);
        if (reply.IsClosed) _ending ??= PaymentEnding.ClosedByReceiver;
        options.Progress?.Report(new PaymentProgress(_totals.Sent, _totals.Delivered, _totals.InFlight, path.Receipt));
    }

    private void ApplyFulfill(StreamReply reply)
    {
        _refusals = 0;
        _progressAt = _time.GetTimestamp();
        _pacing.OnArrived();
        if (!reply.IsAuthentic) _ending ??= PaymentEnding.BrokenByReceiver;
    }

    private void ApplyReject(StreamReply reply)
    {
        _lastCode = reply.Code;
        if (reply.Code == IlpErrorCode.F08AmountTooLarge) return;
        if (reply.IsRefusal || reply.Code == IlpErrorCode.F99ApplicationError)
        {
            _endingOnTimeout = reply.IsAuthentic && reply.Received < reply.Packet.Minimum
                ? PaymentEnding.RateTooLow
                : PaymentEnding.RefusedByReceiver;
            if (reply.RoomLeft == 0) _ending ??= PaymentEnding.ReceiverLimitReached;
            if (_pacing.OnTemporaryError(reply.Packet.SentAt) && ++_refusals >= MostRefusals) _ending ??= _endingOnTimeout;
        }
        else if (reply.Code.Class == IlpErrorClass.Final)
        {
            _ending ??= PaymentEnding.RejectedOnPath;
        }
        else
        {
            _endingOnTimeout = PaymentEnding.TimedOut;
            _pacing.OnTemporaryError(reply.Packet.SentAt);
        }
    }

    private TimeSpan End(PaymentEnding ending)
    {
        _ending = ending;
        return TimeSpan.Zero;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reply = _replies.Reader.WaitToReadAsync(awake.Token).AsTask();
        await Task.WhenAny(reply, Task.Delay(wait, _time, awake.Token));
        await awake.CancelAsync();
        if (reply.IsFaulted) await reply;
    }

    private PaymentResult Result(PaymentEnding ending) => new()
    {
        Ending = ending,
        Sent = _totals.Sent,
        Delivered = _totals.Delivered,
        Receipt = path.Receipt,
        Asset = path.Asset,
        LastCode = _lastCode,
    };
}
