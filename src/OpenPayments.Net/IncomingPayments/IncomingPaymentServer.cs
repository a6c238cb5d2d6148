using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Grants;
using OpenPayments.Net.Requests;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>The resource server: makes incoming payments, shows them, completes and lists them.</summary>
internal sealed class IncomingPaymentServer(
    OpenPaymentsOptions options, GrantTokens tokens, ICancelledGrants cancelled, IWalletAddresses addresses,
    IIncomingPayments payments, IPaymentMethods methods, TimeProvider time)
{
    private static readonly OpenPaymentsError NoSuchAccount = OpenPaymentsError.NotFound("There is no such wallet address on this host.");
    private static readonly OpenPaymentsError UnknownToken =
        OpenPaymentsError.InvalidToken("The grant's token is unknown, expired or cancelled; rotate it or ask for a new grant.");
    private static readonly OpenPaymentsError NoSuchPayment =
        OpenPaymentsError.NotFound("There is no such incoming payment, or it expired unpaid.");
    private static readonly OpenPaymentsError TooManyOfAccount =
        OpenPaymentsError.TooManyOpen("This wallet address has too many open incoming payments; try again when some have expired.");
    private static readonly OpenPaymentsError TooManyOfClient =
        OpenPaymentsError.TooManyOpen(
            "Too many incoming payments made from your address are open here; complete some, or try again when some have expired.");
    private static readonly OpenPaymentsError NotAllowed =
        OpenPaymentsError.Forbidden("The grant does not allow this on this wallet address.");

    /// <summary><c>POST .../incoming-payments</c></summary>
    public Task CreateAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        var (error, grant, request) = await AuthorizeAsync(context, address, AccessActions.Create);
        if (error is not null) return error;
        if (request!.Json() is not { } json) return OpenPaymentsError.InvalidRequest("The body is not JSON.");
        if (NewIncomingPayment.Read(json, address, out var wanted) is { } fault) return OpenPaymentsError.InvalidRequest(fault);
        var now = time.GetUtcNow();
        var expiresAt = wanted!.ExpiresAt ?? now + options.LongestPayment;
        if (expiresAt <= now) return OpenPaymentsError.InvalidRequest("expiresAt is in the past.");
        if (expiresAt > now + options.LongestPayment)
            return OpenPaymentsError.InvalidRequest($"expiresAt is more than {options.LongestPayment.TotalDays:0} days ahead.");
        var payment = new IncomingPayment(
            Guid.NewGuid(), address.Account, grant!.ClientId, wanted.IncomingAmount, 0, false, now, expiresAt, wanted.Metadata);
        var outcome = await payments.CreateAsync(payment, context.Connection.RemoteIpAddress, cancellation);
        if (outcome != CreationOutcome.Created)
        {
            context.Response.Headers.RetryAfter = "60";
            return outcome == CreationOutcome.TooManyOfAccount ? TooManyOfAccount : TooManyOfClient;
        }
        await Answers.WriteAsync(context, 201, Full(payment, address));
        return null;
    });

    /// <summary><c>GET .../incoming-payments/{id}</c>: in public how much arrived, with a grant all of it.</summary>
    public Task GetAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        Grant? grant = null;
        if (context.Request.Headers.Authorization.Count > 0)
        {
            (var error, grant, _) = await AuthorizeAsync(context, address, AccessActions.Read | AccessActions.ReadAll);
            if (error is not null) return error;
        }
        if (await FindAsync(context, address, cancellation) is not { } payment) return NoSuchPayment;
        // "read" is for what the client itself made.
        if (grant is not null && !grant.Allows(address, AccessActions.ReadAll) && payment.ClientId != grant.ClientId) return NotAllowed;
        await Answers.WriteAsync(context, 200, grant is null ? payment.PublicView(address, options) : Full(payment, address));
        return null;
    });

    /// <summary><c>POST .../incoming-payments/{id}/complete</c></summary>
    public Task CompleteAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        var (error, grant, _) = await AuthorizeAsync(context, address, AccessActions.Complete);
        if (error is not null) return error;
        if (await FindAsync(context, address, cancellation) is not { } payment) return NoSuchPayment;
        if (payment.ClientId != grant!.ClientId) return NotAllowed;
        if (await payments.CompleteAsync(address.Account, payment.Id, cancellation) is not { } completed) return NoSuchPayment;
        await Answers.WriteAsync(context, 200, completed.ToJson(address, options));
        return null;
    });

    /// <summary><c>GET .../incoming-payments?wallet-address=</c>: the client's own, a page at a time.</summary>
    public Task ListAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        var (error, grant, _) = await AuthorizeAsync(context, address, AccessActions.List);
        if (error is not null) return error;
        var query = context.Request.Query;
        if (query["wallet-address"] is { Count: > 0 } named && named != address.Id)
            return OpenPaymentsError.InvalidRequest($"wallet-address must be {address.Id}, whose resource server this is.");
        var all = await payments.ListAsync(address.Account, grant!.ClientId, cancellation);
        if (!PageOf.TryRead(query["cursor"], query["first"], query["last"], all, out var page))
            return OpenPaymentsError.InvalidRequest(
                "first and last are numbers from 1 to 100 (one of them), cursor the id of a payment; last needs a cursor.");
        await Answers.WriteAsync(context, 200, page!.ToJson(address, options));
        return null;
    });

    private async Task AtAsync(HttpContext context, Func<WalletAddress, CancellationToken, Task<OpenPaymentsError?>> act)
    {
        var error = addresses.OfAccount((string)context.Request.RouteValues["account"]!) is { } address
            ? await act(address, context.RequestAborted)
            : NoSuchAccount;
        if (error is not null) await Answers.WriteAsync(context, error, options.AuthServer);
    }

    private async Task<(OpenPaymentsError? Error, Grant? Grant, SignedRequest? Request)> AuthorizeAsync(
        HttpContext context, WalletAddress address, AccessActions actions)
    {
        if (SignedRequest.GnapToken(context.Request) is not { } token)
            return (OpenPaymentsError.InvalidToken("Send the grant's token as 'Authorization: GNAP ...'."), null, null);
        if (!tokens.TryOpenAccess(token, out var grant) || grant.ExpiresAt <= time.GetUtcNow()
            || await cancelled.IsCancelledAsync(grant.Id, grant.TokenId, context.RequestAborted))
            return (UnknownToken, null, null);
        var (request, error) = await SignedRequest.ReadAsync(context, options.Origin);
        error ??= request!.Verify(grant.Key) is { } wrong ? OpenPaymentsError.InvalidToken(wrong.Description) : null;
        error ??= grant.Allows(address, actions) ? null : NotAllowed;
        return (error, grant, request);
    }

    private async ValueTask<IncomingPayment?> FindAsync(HttpContext context, WalletAddress address, CancellationToken cancellation) =>
        Guid.TryParseExact(context.Request.RouteValues["id"] as string, "D", out var id)
            ? await payments.FindAsync(address.Account, id, cancellation)
            : null;

    private JsonObject Full(IncomingPayment payment, WalletAddress address)
    {
        var json = payment.ToJson(address, options);
        var open = !payment.Completed && payment.ExpiresAt > time.GetUtcNow();
        if (!open)
        {
            json["methods"] = new JsonArray();
            return json;
        }
        var (ilpAddress, secret) = methods.MethodFor(payment);
        var ilp = new JsonObject { ["type"] = "ilp", ["ilpAddress"] = ilpAddress, ["sharedSecret"] = Base64Url.EncodeToString(secret) };
        json["methods"] = new JsonArray(ilp);
        return json;
    }
}
