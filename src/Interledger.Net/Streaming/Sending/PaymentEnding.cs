namespace Interledger.Net.Streaming.Sending;

/// <summary>Every way a payment can end. The amounts in the result are exact in each of them.</summary>
public enum PaymentEnding
{
    /// <summary>The requested amount was sent, or has arrived.</summary>
    Completed,

    /// <summary>The caller stopped it; packets in flight were awaited.</summary>
    Stopped,

    /// <summary>The maximum source amount was sent before the amount to deliver arrived.</summary>
    SourceLimitReached,

    /// <summary>The receiver accepts no more money than it has (its StreamMaxMoney, RFC 29 section 5.3.11).</summary>
    ReceiverLimitReached,

    /// <summary>The path gives less than the minimum rate, or so little that nothing would arrive.</summary>
    RateTooLow,

    /// <summary>The receiver closed the connection or the stream.</summary>
    ClosedByReceiver,

    /// <summary>The receiver got the packets but kept rejecting them.</summary>
    RefusedByReceiver,

    /// <summary>The receiver fulfilled a packet without a proof of the amount it received (no STREAM data in the Fulfill).</summary>
    BrokenByReceiver,

    /// <summary>A final Reject by a connector or the receiver; the code is in the result.</summary>
    RejectedOnPath,

    /// <summary>
    /// No packet was fulfilled within the idle time-out, because of temporary errors or missing replies; the last code is in the result.
    /// </summary>
    TimedOut,

    /// <summary>The key has encrypted 2^31 packets, the safe maximum: request a new shared secret (RFC 29 section 4.1).</summary>
    KeyUsedUp,
}
