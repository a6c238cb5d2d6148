namespace OpenPayments.Net;

/// <summary>Where a receiver's servers are, as clients know them.</summary>
public sealed record OpenPaymentsOptions
{
    /// <summary>
    /// The most characters of what other systems store: access and continuation tokens, the ids and URLs that manage them, incoming
    /// payment URLs, wallet addresses and the authorization server's URL. Rafiki, which most wallets run, keeps each in a varchar(255).
    /// </summary>
    public const int MaxStoredLength = 255;

    /// <summary>Public origin without a trailing slash, such as <c>https://codius.example</c>: every signed URL begins with it.</summary>
    public required string Origin { get; init; }

    /// <summary>Path of the authorization server below the origin.</summary>
    /// <value>The default is <c>/auth</c>.</value>
    public string AuthPath { get; init; } = "/auth";

    /// <summary>Path of the resource server below the origin; an account's is this, a slash and the account.</summary>
    /// <value>The default is <c>/op</c>.</value>
    public string ResourcePath { get; init; } = "/op";

    /// <summary>How long an access token is good for.</summary>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after the end of a grant's first access token its tokens can still be rotated; then the grant ends.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan RotateWithin { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The longest an incoming payment may stay open, and how long it does if its creator does not say.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan LongestPayment { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The authorization server's URL: one for all accounts, since wallets keep a grant for each.</summary>
    public string AuthServer => Origin + AuthPath;

    /// <summary>An account's resource server URL.</summary>
    public string ResourceServerOf(string account) => $"{Origin}{ResourcePath}/{account}";

    /// <summary>An incoming payment's URL.</summary>
    public string IncomingPaymentUrlOf(string account, Guid id) => $"{ResourceServerOf(account)}/incoming-payments/{id}";

    /// <summary>Where an access token is rotated and revoked.</summary>
    public string ManageUrlOf(string tokenId) => $"{AuthServer}/token/{tokenId}";

    /// <summary>Where a grant is cancelled.</summary>
    public string ContinueUrlOf(string grantId) => $"{AuthServer}/continue/{grantId}";
}
