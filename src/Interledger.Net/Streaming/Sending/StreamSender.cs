using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// Pays over STREAM (RFC 29): learns the path's rate and packet size by packets that nobody can fulfill, then sends money in as many
/// packets as it takes, never below a minimum rate, slower when the path is in trouble.
/// </summary>
/// <remarks>
/// One payment at a time; what was learned of the path is kept for the next. Payments never throw for what happens on the network, and a
/// cancellation is an orderly stop: packets on their way are waited for, and the result has exact amounts. Pay from several processes with
/// one shared secret, or keep one for years, and the bound of 2^31 packets per key is yours to keep.
/// </remarks>
public sealed class StreamSender : IAsyncDisposable
{
    private readonly StreamSenderOptions _options;
    private readonly StreamKeys _keys;
    private readonly PacketExchange _exchange;
    private readonly PathKnowledge _path;
    private bool _probed;
    private int _busy;

    /// <summary>Makes a sender; nothing is sent yet.</summary>
    /// <param name="path">The way into the network.</param>
    /// <param name="destination">The receiver's address, from SPSP or Open Payments.</param>
    /// <param name="secret">The shared secret that came with it.</param>
    /// <param name="options">Limits and patience.</param>
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

    /// <summary>Learns the path's rate and packet size without sending money. Payments do it by themselves.</summary>
    /// <param name="stop">Ends the probing.</param>
    /// <returns>What was learned, or why the path cannot be used.</returns>
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
    /// <param name="amount">Units to send, the sender's; 0 is completed at once.</param>
    /// <param name="stop">Ends the payment in order.</param>
    /// <returns>How it ended and what it moved.</returns>
    public Task<PaymentResult> SendAsync(ulong amount, CancellationToken stop) => PayAsync(_ => new SourceGoal(amount), stop);

    /// <summary>Delivers an amount. A packet's rounding may deliver a little more, never less.</summary>
    /// <param name="amount">Units that shall arrive, the receiver's.</param>
    /// <param name="maxSourceAmount">The most to send for it, the sender's units; the minimum rate may allow less.</param>
    /// <param name="stop">Ends the payment in order.</param>
    /// <returns>How it ended and what it moved.</returns>
    public Task<PaymentResult> DeliverAsync(ulong amount, ulong maxSourceAmount, CancellationToken stop) =>
        PayAsync(minimum => new DeliveryGoal(amount, Math.Min(maxSourceAmount, minimum.SourceFor(amount))), stop);

    /// <summary>Sends money at a steady rate until told to stop, or until the most that may be sent is sent.</summary>
    /// <param name="unitsPerSecond">Units to send per second, the sender's; more than 0.</param>
    /// <param name="maxSourceAmount">The most to send in all, the sender's units.</param>
    /// <param name="stop">Ends the payment in order.</param>
    /// <returns>How it ended and what it moved.</returns>
    public Task<PaymentResult> StreamAsync(ulong unitsPerSecond, ulong maxSourceAmount, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfZero(unitsPerSecond);
        return PayAsync(_ => new RateGoal(unitsPerSecond, _options.StreamingInterval, maxSourceAmount, _options.Time), stop);
    }

    /// <summary>Tells the receiver that no more comes, if it was ever reached, and forgets the keys.</summary>
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
        // The path's rate is below the upper bound, so at a minimum of that no packet could get through.
        if (minimum.Delivered == 0 || _path.Rate.Upper <= minimum) return Nothing(PaymentEnding.RateTooLow, default);
        return await new PaymentRun(_exchange, _path, goal(minimum), minimum, _options).RunAsync(stop);
    });

    private async Task<(PaymentEnding? Failure, IlpErrorCode Code)> ConnectAsync(bool again, CancellationToken stop)
    {
        // A receiver that was full is asked whether it still is.
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
