using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Sandbox.Granting;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net;
using OpenPayments.Net.Requests;

namespace Codius.Sandbox.Ordering;

/// <summary>The resource server of the visitor's wallet: quotes, and outgoing payments within what its owner consented to.</summary>
internal sealed class OrderEndpoints(
    VisitorAddress wallet, VisitorGrants grants, WalletQuotes quotes, ReceiverReader receivers, PaymentDesk desk, StateStore store,
    PlayMoney money)
{
    private static readonly OpenPaymentsError NotAllowed = OpenPaymentsError.Forbidden("The grant does not allow this.");

    // What was ordered by whom, by the payment's id.
    private readonly Newest<WalletQuote> _orders = new(1_000);

    public Task QuoteAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status201Created, async (grant, body) =>
    {
        if (grant.Request.Limit is not null) return (null, NotAllowed);
        var (quote, error) = await quotes.MakeAsync(grant.Request.Client.Id, body, context.RequestAborted);
        return (quote is null ? null : Json(quote), error);
    });

    public Task ShowQuoteAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, (grant, _) => Task.FromResult(
        quotes.Find(IdOf(context), grant.Request.Client.Id) is { } quote
            ? ((JsonObject?)Json(quote), (OpenPaymentsError?)null)
            : (null, OpenPaymentsError.NotFound("There is no such quote, or it has expired."))));

    public Task PayAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status201Created, async (grant, body) =>
    {
        if (grant.Request.Limit is null) return (null, NotAllowed);
        var (quote, error) = await OrderedAsync(grant, body, context.RequestAborted);
        if (error is not null) return (null, error);
        var balance = store.Books.BalanceOf(Holder.Visitor);
        if (quote!.Amount > balance)
            return (null, OpenPaymentsError.InvalidRequest($"The wallet holds {money.FormatWithCode(balance)}; fill it up on its page."));
        // A quote is used up before the limit: of two orders with one quote only one pays.
        if (!quotes.TryUse(quote)) return (null, OpenPaymentsError.InvalidRequest("The quote was used before."));
        if (!grant.TrySpend(quote.Amount)) return (null, OpenPaymentsError.Forbidden("That is more than the owner consented to."));
        var payment = await desk.StartAsync(new PaymentOrder
        {
            Name = quote.Payee,
            Amount = quote.Amount,
            FindAsync = async stop => await receivers.ReadAsync(quote.Receiver, stop) is { } receiver
                ? new Destination(receiver.Address, receiver.Secret)
                : new Destination("The receiver's incoming payment is complete or has expired."),
        }, TimeSpan.Zero);
        _orders.Put(payment.Id, quote);
        return (Json(payment, quote), null);
    });

    public Task ShowPaymentAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, (grant, _) => Task.FromResult(
        _orders.Find(IdOf(context)) is { } order && order.ClientId == grant.Request.Client.Id && grant.Request.Limit is not null
            && store.History.Find(IdOf(context)) is { } payment
            ? ((JsonObject?)Json(payment, order), (OpenPaymentsError?)null)
            : (null, OpenPaymentsError.NotFound("There is no such outgoing payment."))));

    /// <summary>What is to be paid: a quote of before, or an incoming payment with an amount, as browsers' extensions order it.</summary>
    private async Task<(WalletQuote? Quote, OpenPaymentsError? Error)> OrderedAsync(
        VisitorGrant grant, JsonElement body, CancellationToken cancellation)
    {
        if (VisitorAddress.Text(body, "quoteId") is not { } url) return await quotes.MakeAsync(grant.Request.Client.Id, body, cancellation);
        if (VisitorAddress.Text(body, "walletAddress") != wallet.Id)
            return (null, OpenPaymentsError.InvalidRequest($"walletAddress must be {wallet.Id}."));
        return quotes.Find(url[(url.LastIndexOf('/') + 1)..], grant.Request.Client.Id) is { } quote
            ? (quote, null)
            : (null, OpenPaymentsError.InvalidRequest("There is no such quote, or it has expired or was used."));
    }

    private JsonObject Json(WalletQuote quote) => new()
    {
        ["id"] = $"{wallet.ResourceServer}/quotes/{quote.Id}",
        ["walletAddress"] = wallet.Id,
        ["receiver"] = quote.Receiver,
        ["method"] = "ilp",
        ["debitAmount"] = wallet.Amount(quote.Amount),
        ["receiveAmount"] = wallet.Amount(quote.Amount),
        ["createdAt"] = Text(quote.CreatedAt),
        ["expiresAt"] = Text(quote.ExpiresAt),
    };

    private JsonObject Json(Payment payment, WalletQuote order) => new()
    {
        ["id"] = $"{wallet.ResourceServer}/outgoing-payments/{payment.Id}",
        ["walletAddress"] = wallet.Id,
        ["quoteId"] = $"{wallet.ResourceServer}/quotes/{order.Id}",
        ["receiver"] = order.Receiver,
        ["failed"] = payment.State == PaymentState.Failed,
        ["debitAmount"] = wallet.Amount(payment.Amount),
        ["receiveAmount"] = wallet.Amount(payment.Amount),
        ["sentAmount"] = wallet.Amount(payment.Sent),
        ["createdAt"] = Text(payment.StartedAt),
    };

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private async Task AnswerAsync(
        HttpContext context, int status, Func<VisitorGrant, JsonElement, Task<(JsonObject? Json, OpenPaymentsError? Error)>> answer)
    {
        Answers.OpenToAll(context.Response);
        var (grant, body, error) = await grants.AuthorizeAsync(context);
        JsonObject? json = null;
        if (error is null) (json, error) = await answer(grant!, body);
        if (error is null) await Answers.WriteAsync(context, status, json!);
        else await Answers.WriteAsync(context, error, wallet.AuthServer);
    }
}
