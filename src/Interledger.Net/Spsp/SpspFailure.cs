namespace Interledger.Net.Spsp;

/// <summary>Every way in which a payment pointer's look-up can fail.</summary>
public enum SpspFailure
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>No connection, or no TLS, to the host.</summary>
    Unreachable,

    /// <summary>No whole answer within <see cref="SpspClientOptions.Timeout"/>.</summary>
    TimedOut,

    /// <summary>More redirects than <see cref="SpspClientOptions.MaxRedirects"/>, one without a target, or one away from https.</summary>
    BadRedirect,

    /// <summary>404: the host knows no such receiver (RFC 9, "InvalidReceiverError").</summary>
    NoSuchReceiver,

    /// <summary>Another status than 200; <see cref="SpspResult.Status"/> has it.</summary>
    Refused,

    /// <summary>A longer answer than <see cref="SpspClientOptions.MaxResponseBytes"/>.</summary>
    TooLong,

    /// <summary>
    /// 200, but not an SPSP answer; <see cref="SpspResult.Error"/> says why. A wallet that knows only Open Payments answers like this.
    /// </summary>
    NotAnAnswer,

    /// <summary>Receipts were asked for, and the receiver gives none.</summary>
    NoReceipts,
}
