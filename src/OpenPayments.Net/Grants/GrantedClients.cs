using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Requests;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Finds the client whose grant a request carries, from the token alone: a program can give known clients a rate of their own, before
/// anything is read or verified. A wallet's server makes the requests of all its customers from one address.
/// </summary>
public sealed class GrantedClients
{
    private readonly GrantTokens _tokens;
    private readonly TimeProvider _time;

    internal GrantedClients(GrantTokens tokens, TimeProvider time) => (_tokens, _time) = (tokens, time);

    /// <summary>
    /// An opaque id, the same for the same client; null without a token that this server gave and that has not ended. Clients that
    /// are a bare key have none: anybody makes as many keys as they like, while a wallet address has shown its keys at its own host.
    /// </summary>
    /// <param name="request">The request; its signature is not verified here.</param>
    public string? Of(HttpRequest request)
    {
        if (SignedRequest.GnapToken(request) is not { } token || !_tokens.TryOpenAccess(token, out var grant)) return null;
        return grant.EndsAt > _time.GetUtcNow() && grant.ClientId != Client.IdOfKey(new Jwk("", grant.Key)) ? grant.ClientId : null;
    }
}
