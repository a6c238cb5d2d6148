using Microsoft.AspNetCore.Http;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Requests;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Finds the client that a request comes from, or is made for, without reading or verifying anything else: a program can give known clients
/// a rate of their own. A wallet's server makes the requests of all its customers from one address.
/// </summary>
public sealed class GrantedClients
{
    private readonly GrantTokens _tokens;
    private readonly IncomingPaymentUrls _urls;
    private readonly TimeProvider _time;

    internal GrantedClients(GrantTokens tokens, IncomingPaymentUrls urls, TimeProvider time) =>
        (_tokens, _urls, _time) = (tokens, urls, time);

    /// <summary>
    /// An opaque id of the client whose grant the request carries, the same for the same client; null without a token that this server gave
    /// and that has not ended. Clients that are a bare key have none: anybody makes as many keys as they like, while a wallet address has
    /// shown its keys at its own host.
    /// </summary>
    /// <param name="request">The request; its signature is not verified here.</param>
    public string? Of(HttpRequest request)
    {
        if (SignedRequest.GnapToken(request) is not { } token || !_tokens.TryOpenAccess(token, out var grant)) return null;
        return grant.EndsAt > _time.GetUtcNow() && grant.IsOfWalletAddress ? grant.ClientId : null;
    }

    /// <summary>
    /// For a public look at an incoming payment, as wallets' servers make one before each that is signed: the id, as <see cref="Of"/>, of
    /// the client that made the payment. Null for all other requests, for a URL that this server did not give, for a payment that has
    /// ended, and for one that a bare key made. Who sends the request is not known: a payer's wallet, or anybody who has the URL.
    /// </summary>
    /// <param name="request">The request, after routing.</param>
    public string? CreatorOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HttpMethods.IsGet(request.Method) && request.Headers.Authorization.Count == 0
            && request.RouteValues["account"] is string account && request.RouteValues["sealed"] is string terms
            && Guid.TryParseExact(request.RouteValues["id"] as string, "D", out var id)
            && _urls.TryOpenOfWalletAddress(account, terms, id, out var made) && made.ExpiresAt > _time.GetUtcNow()
                ? made.ClientId
                : null;
    }
}
