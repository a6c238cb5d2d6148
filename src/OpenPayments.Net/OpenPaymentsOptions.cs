using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Clients;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net;

/// <summary>Where a receiver's servers are, as clients know them, and what it seals and signs with.</summary>
public sealed class OpenPaymentsOptions
{
    /// <summary>
    /// The most characters of what other systems store: access and continuation tokens, the ids and URLs that manage them, incoming
    /// payment URLs, wallet addresses and the authorization server's URL. Rafiki, which most wallets run, keeps each in a varchar(255).
    /// </summary>
    public const int MaxStoredLength = 255;

    /// <summary>The length of each signing key and of each of <see cref="TokenKeys"/>, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>Public origin without a trailing slash, such as <c>https://shop.example</c>: every signed URL begins with it.</summary>
    public string Origin { get; set; } = "";

    /// <summary>
    /// 32-byte keys for grant tokens and the URLs of incoming payments (AES-256-GCM): the first one seals, all open. All servers of one
    /// receiver share them.
    /// </summary>
    public IList<byte[]> TokenKeys { get; } = [];

    /// <summary>
    /// The private Ed25519 key (32 bytes) that the program signs with when it is itself a client, and whose public half stands in
    /// <c>jwks.json</c>; null if it never is one.
    /// </summary>
    public byte[]? SigningKey { get; set; }

    /// <summary>
    /// Earlier values of <see cref="SigningKey"/> that <c>jwks.json</c> still has, so that grants that were signed with them stay good.
    /// </summary>
    public IList<byte[]> PreviousSigningKeys { get; } = [];

    /// <summary>
    /// How the names of signing keys in <c>jwks.json</c> begin. They end in a part of the key's own thumbprint: a new key has a new name,
    /// which makes others fetch it.
    /// </summary>
    /// <value>The default is <c>key</c>.</value>
    public string SigningKeyPrefix { get; set; } = MessageSigner.UsualPrefix;

    /// <summary>Path of the authorization server below the origin.</summary>
    /// <value>The default is <c>/auth</c>.</value>
    public string AuthPath { get; set; } = "/auth";

    /// <summary>Path of the resource server below the origin; an account's is this, a slash and the account.</summary>
    /// <value>The default is <c>/op</c>.</value>
    public string ResourcePath { get; set; } = "/op";

    /// <summary>
    /// Route pattern of the wallet addresses below the origin; null if the program serves them itself, by
    /// <see cref="WalletAddresses.WalletAddressDocuments"/>.
    /// </summary>
    /// <value>The default is <c>/pay/{account}</c>.</value>
    public string? WalletAddressPath { get; set; } = "/pay/{account}";

    /// <summary>
    /// Answers requests at a wallet address that accept <c>application/spsp4+json</c>: payers of the older SPSP, at the same URL. Null for
    /// none.
    /// </summary>
    public RequestDelegate? SpspHandler { get; set; }

    /// <summary>How many characters the longest account has.</summary>
    /// <value>The default is 63.</value>
    public int LongestAccount { get; set; } = 63;

    /// <summary>How long an access token is good for.</summary>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after the end of a grant's first access token its tokens can still be rotated; then the grant ends.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan RotateWithin { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The longest an incoming payment may stay open, and how long it does if its creator names no end.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan LongestPayment { get; set; } = TimeSpan.FromDays(30);

    /// <summary>For tests only: fetches clients' keys also over http, from any port and from private addresses.</summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureClients { get; set; }

    /// <summary>
    /// Creates the client that fetches clients' keys, such as one of <see cref="GuardedHttp.Create"/> with repeats and a circuit breaker
    /// around; null for that one alone.
    /// </summary>
    public Func<HttpClient>? KeyFetchClient { get; set; }

    /// <summary>How many servers of this receiver run now: they share the budgets of hosts that callers choose.</summary>
    /// <value>The default is one.</value>
    public Func<int> Servers { get; set; } = () => 1;

    /// <summary>The authorization server's URL: one for all accounts, since wallets keep a grant for each.</summary>
    public string AuthServer => Origin + AuthPath;

    /// <summary>An account's resource server URL.</summary>
    public string ResourceServerOf(string account) => $"{Origin}{ResourcePath}/{account}";

    /// <summary>Where an access token is rotated and revoked.</summary>
    /// <param name="tokenId">32 characters.</param>
    public string ManageUrlOf(string tokenId) => $"{AuthServer}/token/{tokenId}";

    /// <summary>Where a grant is cancelled.</summary>
    /// <param name="grantId">32 characters.</param>
    public string ContinueUrlOf(string grantId) => $"{AuthServer}/continue/{grantId}";

    /// <summary>
    /// The length of the longest URL of the authorization and the resource server, for an account of <see cref="LongestAccount"/>
    /// characters and an incoming payment without metadata of its own.
    /// </summary>
    public int LongestUrl
    {
        get
        {
            var id = new string('0', 32);
            var payment = new IncomingPaymentUrls(this)
                .UrlOf(new string('x', LongestAccount), new string('x', IncomingPaymentUrls.LongestSealed), Guid.Empty);
            return new[] { payment, ManageUrlOf(id), ContinueUrlOf(id) }.Max(url => url.Length);
        }
    }
}
