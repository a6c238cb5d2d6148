namespace Interledger.Net.Spsp;

/// <summary>Every way in which the query of a payment pointer can fail.</summary>
public enum SpspFailure
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>No connection, or no TLS, to the host.</summary>
    Unreachable,

    /// <summary>No complete response within <see cref="SpspClientOptions.Timeout"/>.</summary>
    TimedOut,

    /// <summary>More redirects than <see cref="SpspClientOptions.MaxRedirects"/>, one without a target, or one away from https.</summary>
    BadRedirect,

    /// <summary>404: there is no such receiver (RFC 9, "InvalidReceiverError").</summary>
    NoSuchReceiver,

    /// <summary>A status other than 200; see <see cref="SpspResult.Status"/>.</summary>
    Refused,

    /// <summary>A response longer than <see cref="SpspClientOptions.MaxResponseBytes"/>.</summary>
    TooLong,

    /// <summary>
    /// 200, but not an SPSP response; see <see cref="SpspResult.Error"/>. A wallet that supports only Open Payments answers like this.
    /// </summary>
    NotAnAnswer,

    /// <summary>Receipts were requested, and the receiver does not support them.</summary>
    NoReceipts,
}
