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
    IIncomingPayments payments, IPaymentMethods methods, IncomingPaymentUrls urls, TimeProvider time)
{
    private static readonly OpenPaymentsError NoSuchAccount = OpenPaymentsError.NotFound("There is no such wallet address on this host.");
    private static readonly OpenPaymentsError UnknownToken =
        OpenPaymentsError.InvalidToken("The grant's token is unknown, expired or cancelled; rotate it or ask for a new grant.");
    private static readonly OpenPaymentsError NoSuchPayment =
        OpenPaymentsError.NotFound("There is no such incoming payment, or it expired unpaid.");
    private static readonly OpenPaymentsError NotAllowed =
        OpenPaymentsError.Forbidden("The grant does not allow this on this wallet address.");

    /// <summary>
    /// <c>POST .../incoming-payments</c>: the answer is all there is of the payment until it is paid; only the program may store more.
    /// </summary>
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
        var payment = IncomingPayment.New(
            address.Account, grant!.ClientId, wanted.IncomingAmount, now, expiresAt, wanted.Metadata);
        if (urls.RoomForMetadata(payment) is var room && PaymentTerms.LengthOf(payment.Metadata) > room)
            return OpenPaymentsError.InvalidRequest(
                $"metadata is larger than {room} bytes, written without white space: more does not fit into this payment's URL.");
        // Not cancelled when the client leaves: half made, a payment would be paid elsewhere and recorded nowhere.
        var created = await payments.CreateAsync(payment, context.Connection.RemoteIpAddress, CancellationToken.None);
        payment = payment.EndingBy(created.ExpiresAt);
        var url = urls.UrlOf(payment, grant.IsOfWalletAddress);
        await Answers.WriteAsync(context, 201, await FullAsync(payment, address, url, cancellation));
        return null;
    });

    /// <summary><c>GET .../{sealed}/incoming-payments/{id}</c>: in public how much arrived, with a grant all of it.</summary>
    public Task GetAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        Grant? grant = null;
        if (context.Request.Headers.Authorization.Count > 0)
        {
            (var error, grant, _) = await AuthorizeAsync(context, address, AccessActions.Read | AccessActions.ReadAll);
            if (error is not null) return error;
        }
        if (Named(context, address) is not { } made) return NoSuchPayment;
        var payment = await payments.ReadAsync(made, cancellation);
        if (IsGone(payment)) return NoSuchPayment;
        // "read" is for what the client itself made.
        if (grant is not null && !grant.Allows(address, AccessActions.ReadAll) && payment.ClientId != grant.ClientId) return NotAllowed;
        await Answers.WriteAsync(context, 200,
            grant is null ? payment.PublicView(address, options)
                : await FullAsync(payment, address, UrlOf(context, payment), cancellation));
        return null;
    });

    /// <summary><c>POST .../{sealed}/incoming-payments/{id}/complete</c></summary>
    public Task CompleteAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        var (error, grant, _) = await AuthorizeAsync(context, address, AccessActions.Complete);
        if (error is not null) return error;
        if (Named(context, address) is not { } made) return NoSuchPayment;
        if (made.ClientId != grant!.ClientId) return NotAllowed;
        if (IsGone(await payments.ReadAsync(made, cancellation))) return NoSuchPayment;
        var completed = await payments.CompleteAsync(made, context.Connection.RemoteIpAddress, cancellation);
        await Answers.WriteAsync(context, 200, completed.ToJson(address, UrlOf(context, completed)));
        return null;
    });

    /// <summary><c>GET .../incoming-payments?wallet-address=</c>: those of the client's own that were paid, a page at a time.</summary>
    public Task ListAsync(HttpContext context) => AtAsync(context, async (address, cancellation) =>
    {
        var (error, grant, _) = await AuthorizeAsync(context, address, AccessActions.List);
        if (error is not null) return error;
        var query = context.Request.Query;
        if (query["wallet-address"] is { Count: > 0 } named && named != address.Id)
            return OpenPaymentsError.InvalidRequest($"wallet-address must be {address.Id}, whose resource server this is.");
        if (!PageRequest.TryRead(query["cursor"], query["first"], query["last"], out var wanted)
            || await payments.ListAsync(address.Account, grant!.ClientId, wanted!, cancellation) is not { } page)
            return OpenPaymentsError.InvalidRequest(
                "first and last are numbers from 1 to 100 (one of them), cursor the id of a payment; last needs a cursor.");
        await Answers.WriteAsync(context, 200, page.ToJson(address, payment => urls.UrlOf(payment, grant!.IsOfWalletAddress)));
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

    /// <summary>The payment that the request's URL contains, as it was made; null if this host made no such URL.</summary>
    private IncomingPayment? Named(HttpContext context, WalletAddress address) =>
        Guid.TryParseExact(context.Request.RouteValues["id"] as string, "D", out var id)
        && context.Request.RouteValues["sealed"] is string terms && urls.TryOpen(address.Account, terms, id, out var made)
            ? made
            : null;

    private bool IsGone(IncomingPayment payment) => payment.ReceivedAmount == 0 && payment.ExpiresAt <= time.GetUtcNow();

    // As the client knows it: sealed anew with a newer key it would be another URL of the same payment.
    private string UrlOf(HttpContext context, IncomingPayment payment) =>
        urls.UrlOf(payment.Account, (string)context.Request.RouteValues["sealed"]!, payment.Id);

    private async ValueTask<JsonObject> FullAsync(
        IncomingPayment payment, WalletAddress address, string url, CancellationToken cancellation)
    {
        var json = payment.ToJson(address, url);
        var open = !payment.Completed && payment.ExpiresAt > time.GetUtcNow();
        json["methods"] = open && await methods.MethodForAsync(payment, cancellation) is { } method
            ? new JsonArray(new JsonObject
            {
                ["type"] = "ilp",
                ["ilpAddress"] = method.IlpAddress,
                ["sharedSecret"] = Base64Url.EncodeToString(method.SharedSecret),
            })
            : new JsonArray();
        return json;
    }
}
