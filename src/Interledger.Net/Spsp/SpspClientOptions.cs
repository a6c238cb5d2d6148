namespace Interledger.Net.Spsp;

/// <summary>How payment pointers are queried.</summary>
public sealed record SpspClientOptions
{
    /// <summary>Maps a pointer to the URL to query.</summary>
    /// <value>
    /// The pointer's own https URL by default. For development it may return an http URL of this machine; only then is http used.
    /// </value>
    public Func<PaymentPointer, Uri> Resolve { get; init; } = pointer => pointer.ToUri();

    /// <summary>How long one query may take, redirects included.</summary>
    /// <value>10 seconds by default; more than 0.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many redirects are followed; never from https to http.</summary>
    /// <value>0 to 10; 3 by default.</value>
    public int MaxRedirects { get; init; } = 3;

    /// <summary>The longest response that is read, in bytes.</summary>
    /// <value>At least 256; 16 KiB by default.</value>
    public int MaxResponseBytes { get; init; } = 16 * 1024;

    /// <summary>The clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Resolve);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRedirects);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRedirects, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxResponseBytes, 256);
    }
}
