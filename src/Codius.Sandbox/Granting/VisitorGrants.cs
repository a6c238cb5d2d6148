using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net;
using OpenPayments.Net.Requests;

namespace Codius.Sandbox.Granting;

/// <summary>The grants of the visitor's wallet, in memory, and the check of requests that carry one's token.</summary>
internal sealed class VisitorGrants(VisitorAddress wallet, TimeProvider time)
{
    // A request for a grant costs its sender nothing: more push out the oldest.
    private readonly Newest<VisitorGrant> _grants = new(1_000);

    public void Add(VisitorGrant grant) => _grants.Put(grant.Id, grant);

    public VisitorGrant? Find(string? id) => _grants.Find(id);

    public void Remove(VisitorGrant grant) => _grants.Remove(grant.Id);

    /// <summary>The grant whose token a request carries, with the request's body, if its client's key signed it.</summary>
    public async Task<(VisitorGrant? Grant, JsonElement Body, OpenPaymentsError? Error)> AuthorizeAsync(HttpContext context)
    {
        if (SignedRequest.GnapToken(context.Request) is not { } token)
            return (null, default, OpenPaymentsError.InvalidToken("Send the grant's token as 'Authorization: GNAP ...'."));
        var grant = Find(token.Split('.')[0]);
        if (grant is null || !grant.Allows(token, time.GetUtcNow()))
            return (null, default, OpenPaymentsError.InvalidToken("The token is unknown or has expired; ask for a new grant."));
        var (request, error) = await SignedRequest.ReadAsync(context, wallet.Origin);
        error ??= request!.Verify(grant.Key);
        return error is null ? (grant, request!.Json() ?? default, null) : (null, default, error);
    }
}
