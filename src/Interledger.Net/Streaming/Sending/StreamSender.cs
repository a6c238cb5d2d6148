using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// Pays over STREAM (RFC 29): probes the path's rate and maximum packet amount with unfulfillable packets, then sends money in as many
/// packets as needed, never below a minimum rate, and slower after temporary errors.
/// </summary>
/// <remarks>
/// One payment at a time; what was learned about the path is kept for the next. Payments never throw for network errors, and a
/// cancellation is an orderly stop: packets in flight are awaited, and the result has exact amounts. If several processes share one
/// shared secret, or it is used for years, the caller must keep the bound of 2^31 packets per key.
/// </remarks>
public sealed class StreamSender : IAsyncDisposable
{
    private readonly StreamSenderOptions _options;
    private readonly StreamKeys _keys;
    private readonly PacketExchange _exchange;
    private readonly PathKnowledge _path;
    private bool _probed;
    private int _busy;

    /// <summary>Creates a sender; nothing is sent yet.</summary>
    /// <param name="path">The link into the network.</param>
    /// <param name="destination">The receiver's address, from SPSP or Open Payments.</param>
    /// <param name="secret">The shared secret that came with it.</param>
    /// <param name="options">Limits and time-outs.</param>
    public StreamSender(IIlpSender path, IlpAddress destination, StreamSecret secret, StreamSenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (destination.IsEmpty) throw new ArgumentException("A payment needs an address.", nameof(destination));
        _options = options ?? new StreamSenderOptions();
        _options.Validate();
        _keys = new StreamKeys(secret);
        _exchange = new PacketExchange(path, destination, _keys, _options);
        _path = new PathKnowledge(_options.MaxPacketAmount);
    }

    /// <summary>Probes the path's rate and maximum packet amount without sending money. Payments do it by themselves.</summary>
    /// <param name="stop">Ends the probing.</param>
    /// <returns>The result, or why the path cannot be used.</returns>
    public Task<PathQuote> ProbeAsync(CancellationToken stop) => AloneAsync(async () =>
    {
        var (failure, code) = await ConnectAsync(again: true, stop);
        return new PathQuote
        {
            Failure = failure,
            LastCode = failure is null ? default : code,
            Asset = _path.Asset,
            Rate = _path.Rate.Lower,
            MaxPacketAmount = _path.Capacity.IsLimited ? _path.Capacity.Limit : null,
        };
    });

    /// <summary>Sends an amount.</summary>
    /// <param name="amount">The sender's units to send; 0 completes at once.</param>
    /// <param name="stop">Stops the payment in an orderly way.</param>
    /// <returns>How it ended, with the amounts.</returns>
    public Task<PaymentResult> SendAsync(ulong amount, CancellationToken stop) => PayAsync(_ => new SourceGoal(amount), stop);

    /// <summary>Delivers an amount. A packet's rounding may deliver a little more, never less.</summary>
    /// <param name="amount">The receiver's units to deliver.</param>
    /// <param name="maxSourceAmount">The most of the sender's units to send for it; the minimum rate may allow less.</param>
    /// <param name="stop">Stops the payment in an orderly way.</param>
    /// <returns>How it ended, with the amounts.</returns>
    public Task<PaymentResult> DeliverAsync(ulong amount, ulong maxSourceAmount, CancellationToken stop) =>
        PayAsync(minimum => new DeliveryGoal(amount, Math.Min(maxSourceAmount, minimum.SourceFor(amount))), stop);

    /// <summary>Sends money at a steady rate until stopped, or until the maximum source amount was sent.</summary>
    /// <param name="unitsPerSecond">The sender's units to send per second; more than 0.</param>
    /// <param name="maxSourceAmount">The most of the sender's units to send in total.</param>
    /// <param name="stop">Stops the payment in an orderly way.</param>
    /// <returns>How it ended, with the amounts.</returns>
    public Task<PaymentResult> StreamAsync(ulong unitsPerSecond, ulong maxSourceAmount, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfZero(unitsPerSecond);
        return PayAsync(_ => new RateGoal(unitsPerSecond, _options.StreamingInterval, maxSourceAmount, _options.Time), stop);
    }

    /// <summary>Closes the connection, if the receiver was ever reached, and disposes the keys.</summary>
    /// <returns>A task that ends within three seconds.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_path.IsConnected && !_exchange.IsKeyUsedUp) await _exchange.CloseAsync();
        _keys.Dispose();
    }

    private Task<PaymentResult> PayAsync(Func<ExchangeRate, PaymentGoal> goal, CancellationToken stop) => AloneAsync(async () =>
    {
        var (failure, code) = await ConnectAsync(again: false, stop);
        if (failure is { } ending) return Nothing(ending, code);

        var minimum = _options.MinimumRate ?? _path.Rate.Lower.Lower(_options.MaxSlippage);
        // The path's rate is below the upper bound, so with that as the minimum no packet would be fulfilled.
        if (minimum.Delivered == 0 || _path.Rate.Upper <= minimum) return Nothing(PaymentEnding.RateTooLow, default);
        return await new PaymentRun(_exchange, _path, goal(minimum), minimum, _options).RunAsync(stop);
    });

    private async Task<(PaymentEnding? Failure, IlpErrorCode Code)> ConnectAsync(bool again, CancellationToken stop)
    {
        // If the receiver had no room left, probe whether that has changed.
        if (_probed && !again && _path.RoomLeft != 0) return (null, default);
        var probe = new PathProbe(_exchange, _path, _options);
        var failure = await probe.RunAsync(stop);
        _probed = failure is null;
        return (failure, probe.LastCode);
    }

    private PaymentResult Nothing(PaymentEnding ending, IlpErrorCode code) =>
        new() { Ending = ending, Sent = 0, Delivered = 0, Asset = _path.Asset, LastCode = code };

    private async Task<T> AloneAsync<T>(Func<Task<T>> work)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1) throw new InvalidOperationException("A sender makes one payment at a time.");
        try
        {
            return await work();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }
}
