namespace Interledger.Net.Streaming.Sending;

/// <summary>Every way a payment can end. The amounts in the result hold in each of them.</summary>
public enum PaymentEnding
{
    /// <summary>All that was asked for is sent, or has arrived.</summary>
    Completed,

    /// <summary>The caller told it to stop; packets that were on their way have been waited for.</summary>
    Stopped,

    /// <summary>The most that may be sent is sent, and the amount to deliver has not arrived yet.</summary>
    SourceLimitReached,

    /// <summary>The receiver accepts no more money than it has (its StreamMaxMoney, RFC 29 section 5.3.11).</summary>
    ReceiverLimitReached,

    /// <summary>The path gives less than the minimum rate, or so little that nothing would arrive.</summary>
    RateTooLow,

    /// <summary>The receiver closed the connection or the stream.</summary>
    ClosedByReceiver,

    /// <summary>The receiver got the packets but kept refusing the money.</summary>
    RefusedByReceiver,

    /// <summary>The receiver kept the money of a packet and sent no proof of what it received (no STREAM data in the Fulfill).</summary>
    BrokenByReceiver,

    /// <summary>A connector or the receiver rejected for good; the code is in the result.</summary>
    RejectedOnPath,

    /// <summary>
    /// Nothing was fulfilled for the idle time-out, because of temporary errors or no answers; the last code is in the result.
    /// </summary>
    TimedOut,

    /// <summary>This key has carried 2^31 packets, the most that is safe: ask for a new shared secret (RFC 29 section 4.1).</summary>
    KeyUsedUp,
}
