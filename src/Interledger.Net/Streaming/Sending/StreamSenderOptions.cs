namespace Interledger.Net.Streaming.Sending;

/// <summary>How a <see cref="StreamSender"/> pays: limits, time-outs, and what a test can replace.</summary>
public sealed record StreamSenderOptions
{
    /// <summary>The lowest rate at which money is sent.</summary>
    /// <value>
    /// Null (the default) is the probed rate, less <see cref="MaxSlippage"/>. No packet with money is ever sent without a minimum.
    /// </value>
    public ExchangeRate? MinimumRate { get; init; }

    /// <summary>How far below the probed rate a packet may fall, in hundredths of a percent.</summary>
    /// <value>0 to 10,000; 100 (1%) by default. Not used with a <see cref="MinimumRate"/>.</value>
    public int MaxSlippage { get; init; } = 100;

    /// <summary>The most to send in one packet, in the sender's units, besides what the path allows.</summary>
    /// <value>At least 1; 2^64-1 by default.</value>
    public ulong MaxPacketAmount { get; init; } = ulong.MaxValue;

    /// <summary>How long after it is sent a packet expires.</summary>
    /// <value>1 second to 5 minutes; 30 seconds by default.</value>
    public TimeSpan PacketExpiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a payment continues without a fulfilled packet.</summary>
    /// <value>More than 0; 60 seconds by default: longer than a packet's expiry.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many packets may be in flight at once.</summary>
    /// <value>1 to 1,000; 20 by default.</value>
    public int MaxPacketsInFlight { get; init; } = 20;

    /// <summary>How often a payment at a rate per second adds what has become due.</summary>
    /// <value>10 milliseconds to 1 hour; 1 second by default.</value>
    public TimeSpan StreamingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the payment's progress after each reply, on the payment's own thread: it must not block.</summary>
    /// <value>Null by default.</value>
    public IProgress<PaymentProgress>? Progress { get; init; }

    /// <summary>The clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The first sequence number: lets a test reach the end of a key.</summary>
    internal ulong FirstSequence { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxSlippage);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxSlippage, 10_000);
        ArgumentOutOfRangeException.ThrowIfZero(MaxPacketAmount);
        ArgumentOutOfRangeException.ThrowIfLessThan(PacketExpiry, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PacketExpiry, TimeSpan.FromMinutes(5));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPacketsInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPacketsInFlight, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamingInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StreamingInterval, TimeSpan.FromHours(1));
        if (MinimumRate is { Delivered: 0 } or { Sent: 0 })
            throw new ArgumentException("A minimum rate of nothing is no limit.", nameof(MinimumRate));
        ArgumentNullException.ThrowIfNull(Time);
    }
}
