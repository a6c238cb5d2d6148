using NSec.Cryptography;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Grants;

/// <summary>What a client was allowed; it lives in its tokens alone, so that asking for grants fills no store.</summary>
/// <remarks>
/// The key and no name is what later requests are verified with, as RFC 9635 (7.2) binds a token to its client's key. A client
/// with several keys signs all requests of one grant with the same one; a client that changed its key asks for a new grant. A
/// key that a client has taken out of its <c>jwks.json</c> gets no new grant, and keeps those it has until they end: never
/// longer than <see cref="EndsAt"/>, however often their tokens are rotated.
/// </remarks>
/// <param name="Id">Random; the same in all tokens of the grant.</param>
/// <param name="TokenId">Random; changes with each rotation. Also the end of the token's manage URL.</param>
/// <param name="ClientId">Who may use it: <see cref="Client.Id"/>.</param>
/// <param name="Key">The key that signed the request for the grant, and signs every request that uses it.</param>
/// <param name="Access">What it allows.</param>
/// <param name="ExpiresAt">When the token ends; it can be rotated until the grant ends.</param>
/// <param name="EndsAt">When the grant ends, with all its tokens.</param>
internal sealed record Grant(
    string Id, string TokenId, string ClientId, PublicKey Key, IReadOnlyList<Access> Access,
    DateTimeOffset ExpiresAt, DateTimeOffset EndsAt)
{
    /// <summary>
    /// False if the client is a bare key: anybody makes as many of these as they like, while a wallet address has shown its keys at its own
    /// host.
    /// </summary>
    public bool IsOfWalletAddress => ClientId != Client.IdOfKey(new Jwk("", Key));

    /// <summary>True if one of the actions is allowed on the wallet address.</summary>
    public bool Allows(WalletAddress address, AccessActions actions) => Access.Any(access => access.Allows(address, actions));
}

/// <summary>What cancels a grant.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Key">The grant's key.</param>
/// <param name="EndsAt">When the grant ends anyway.</param>
internal sealed record Continuation(string GrantId, PublicKey Key, DateTimeOffset EndsAt);
