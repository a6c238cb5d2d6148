namespace Interledger.Net.IlpOverHttp;

/// <summary>A peer's endpoint, and how packets are sent to it.</summary>
public sealed record IlpOverHttpClientOptions
{
    /// <summary>The peer's endpoint, http or https.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The token for <c>Authorization: Bearer ...</c>. It is not part of <see cref="ToString"/>.</summary>
    public required string Token { get; init; }

    /// <summary>The version of HTTP.</summary>
    /// <value>
    /// 1.1 by default, with keep-alive, one packet per connection at a time. 2.0 carries all packets on one connection; over plain
    /// <c>http</c> with prior knowledge, over https negotiated; there is no fallback to 1.1.
    /// </value>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version11;

    /// <summary>The longest time to wait for one packet's reply, even if the packet expires later.</summary>
    /// <value>1 minute by default.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many connections may be open to the peer at once.</summary>
    /// <value>At least 1; 256 by default.</value>
    public int MaxConnections { get; init; } = 256;

    /// <summary>The clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The endpoint, without the token.</summary>
    /// <returns>Text for a log.</returns>
    public override string ToString() => $"{Endpoint} (HTTP/{HttpVersion}, token ***)";

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Endpoint);
        ArgumentException.ThrowIfNullOrWhiteSpace(Token);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        if (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("The endpoint must be an http or https URL.", nameof(Endpoint));
        if (HttpVersion != System.Net.HttpVersion.Version11 && HttpVersion != System.Net.HttpVersion.Version20)
            throw new ArgumentException("ILP over HTTP is spoken over HTTP/1.1 or HTTP/2.", nameof(HttpVersion));
    }
}
