namespace Interledger.Net.Streaming.Sending;

/// <summary>How a <see cref="StreamSender"/> pays: its limits, its patience, and what a test may replace.</summary>
public sealed record StreamSenderOptions
{
    /// <summary>The lowest rate at which money is sent.</summary>
    /// <value>
    /// Null (the default) takes the rate that probing shows, less <see cref="MaxSlippage"/>. No packet with money ever goes without a
    /// minimum.
    /// </value>
    public ExchangeRate? MinimumRate { get; init; }

    /// <summary>How far below the probed rate a packet may fall, in hundredths of a percent.</summary>
    /// <value>0 to 10,000; 100 (1%) by default. Not used with a <see cref="MinimumRate"/>.</value>
    public int MaxSlippage { get; init; } = 100;

    /// <summary>The most to send in one packet, in the sender's units, besides what the path allows.</summary>
    /// <value>At least 1; 2^64-1 by default.</value>
    public ulong MaxPacketAmount { get; init; } = ulong.MaxValue;

    /// <summary>Until when a packet must be fulfilled, counted from when it is sent.</summary>
    /// <value>1 second to 5 minutes; 30 seconds by default.</value>
    public TimeSpan PacketExpiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a payment goes on trying without one packet fulfilled.</summary>
    /// <value>More than 0; 60 seconds by default: longer than a packet's expiry.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many packets may be on their way at once.</summary>
    /// <value>1 to 1,000; 20 by default.</value>
    public int MaxPacketsInFlight { get; init; } = 20;

    /// <summary>How often a payment at a rate per second adds what has become due.</summary>
    /// <value>10 milliseconds to 1 hour; 1 second by default.</value>
    public TimeSpan StreamingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told after each answer how far the payment is, on the payment's own thread: it must return soon.</summary>
    /// <value>Null by default.</value>
    public IProgress<PaymentProgress>? Progress { get; init; }

    /// <summary>The clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the packets' numbers begin: lets a test see the end of a key.</summary>
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
