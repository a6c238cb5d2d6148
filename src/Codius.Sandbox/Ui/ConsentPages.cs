using Codius.Sandbox.Granting;
using Codius.Sandbox.Money;
using Codius.Sandbox.Ordering;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Paying;

namespace Codius.Sandbox.Ui;

/// <summary>Shows the wallet's owner what a client wants to pay, and takes the decision, once.</summary>
internal sealed class ConsentPages(
    VisitorGrants grants, VisitorAddress wallet, WalletQuotes quotes, StateStore store, PlayMoney money, TimeProvider time,
    PageWriter pages)
{
    public Task ShowAsync(HttpContext context) =>
        Find(context) is { } grant && grant.IsAsked(time.GetUtcNow()) ? WriteAsync(context, grant) : WriteOverAsync(context);

    public async Task DecideAsync(HttpContext context)
    {
        if (!await pages.IsOwnFormAsync(context)) return;
        var choice = (await context.Request.ReadFormAsync(context.RequestAborted))["choice"].ToString();
        // Only a plain yes is one.
        if (Find(context) is not { } grant || !grant.TryDecide(choice == "accept", time.GetUtcNow(), out var reference))
        {
            await WriteOverAsync(context);
            return;
        }
        var finish = grant.Request.FinishUri!.AbsoluteUri;
        var hash = InteractionHash.Of(grant.Request.FinishNonce, grant.FinishNonce, reference, wallet.AuthServer);
        var answer = reference.Length == 0
            ? "result=grant_rejected"
            : $"hash={Uri.EscapeDataString(hash)}&interact_ref={reference}";
        PageWriter.SeeOther(context, finish + (finish.Contains('?', StringComparison.Ordinal) ? "&" : "?") + answer);
    }

    private VisitorGrant? Find(HttpContext context) =>
        grants.Find((string)context.Request.RouteValues["id"]!) is { Request.FinishUri: not null } grant ? grant : null;

    private Task WriteAsync(HttpContext context, VisitorGrant grant)
    {
        var (request, leadsTo) = (grant.Request, grant.Request.FinishUri!.GetLeftPart(UriPartial.Authority));
        return pages.WriteAsync<ConsentPage, ConsentView>(context, StatusCodes.Status200OK, nonce => new ConsentView
        {
            Nonce = nonce,
            Client = grant.ClientName,
            ClientAddress = request.ClientAddress!.AbsoluteUri,
            Amount = money.FormatWithCode(request.Limit!.Value),
            Payee = quotes.LastOf(request.Client.Id, request.Limit.Value)?.Payee,
            Balance = money.FormatWithCode(store.Books.BalanceOf(Holder.Visitor)),
            LeadsTo = leadsTo,
        }, leadsTo);
    }

    private Task WriteOverAsync(HttpContext context) =>
        pages.WriteAsync<ConsentPage, ConsentView>(context, StatusCodes.Status404NotFound, nonce => new ConsentView
        {
            Nonce = nonce,
            Client = "",
            ClientAddress = "",
            Amount = "",
            Balance = "",
            LeadsTo = "",
            IsOver = true,
        });
}
