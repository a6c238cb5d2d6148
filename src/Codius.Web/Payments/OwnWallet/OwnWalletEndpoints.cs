using System.Net;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Microsoft.AspNetCore.Http.Features;
using OpenPayments.Net.Paying;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Paying from the visitor's own wallet: the form's submission, which links to the wallet (POST), and the return, which pays.
/// Nothing of a visitor is stored before the consent; the 402 page then waits for the money, and says that it is on its way.
/// </summary>
internal sealed class OwnWalletEndpoints(
    IAppCatalog catalog, IBalanceLedger ledger, AnonymousRateLimiter limiter, OwnWalletFlow flow, ConsentCookie cookie, SpentConsents spent,
    SentPayment sent, IWalletPages pages, WalletAmounts amounts, OfferedWays offered, HostNames names)
{
    public const string Endpoint = "own wallet";
    private const int MaxForm = 8 * 1024;

    private static readonly Problem OtherOrigin =
        new(403, "other-origin", "This form is not from here", "Open the app's own page and send the form from there.");
    private static readonly Problem NoForm =
        new(400, "no-form", "This is not the form", "Open the app's own page and send the form from there.");

    public Task StartAsync(HttpContext context) => AtAppAsync(context, async (app, funds) =>
    {
        if (!RequestOrigin.Is(context.Request, names.OriginOf(app.Name)))
        {
            PaymentsMeter.Refused(Endpoint, "other origin");
            await Problems.WriteAsync(context, OtherOrigin);
            return;
        }
        if (await ReadFormAsync(context) is not { } form)
        {
            PaymentsMeter.Refused(Endpoint, "no form");
            await Problems.WriteAsync(context, NoForm);
            return;
        }
        var (entered, back) = (form["wallet"].ToString(), BackPath.Of(form["back"]));
        var choice = WalletAmounts.Read(form["amount"]);
        var amountsOfApp = amounts.For(app);
        if (!amountsOfApp.TryFind(choice, funds, out var units)) _ = amountsOfApp.TryFind(choice = AmountChoice.Now, funds, out units);
        var error = WalletInput.Read(entered, names, out var wallet);
        var prepared = error is null
            ? await flow.PrepareAsync(app, wallet!, choice, units, back, context.Connection.RemoteIpAddress, context.RequestAborted)
            : Prepared.Failed(error);
        error = prepared.Error ?? (cookie.TryWrite(context.Response, app.Name, prepared.Consent!) ? null : WalletMessages.TooLarge);
        if (error is null) await pages.WriteConsentAsync(context, prepared.Model!);
        else await RefuseAsync(context, app, funds, new WalletFormModel(back, [], entered.Length <= 300 ? entered : "", choice, error));
    });

    public Task ReturnAsync(HttpContext context) => AtAppAsync(context, async (app, funds) =>
    {
        var query = context.Request.Query;
        if (!cookie.TryRead(context.Request, app.Name, out var consent))
        {
            await RefuseAsync(context, app, funds, new WalletFormModel("/", []), WalletMessages.UnknownConsent);
            return;
        }
        var again = new WalletFormModel(consent.Back, [], consent.Payer, consent.Choice);
        if (query["hash"].Count == 0 && query["result"].Count > 0)
        {
            cookie.Delete(context.Response);
            await RefuseAsync(context, app, funds, again, WalletMessages.Declined);
            return;
        }
        var reference = query["interact_ref"].ToString();
        if (!InteractionHash.IsRight(query["hash"].ToString(), consent.Nonce, consent.FinishNonce, reference, consent.AuthServer))
        {
            await RefuseAsync(context, app, funds, again, WalletMessages.WrongHash);
            return;
        }
        // A crash after this line: the consent is used but paid nothing, and the payer must consent again.
        var isFirst = await spent.TryUseAsync(consent.Nonce, context.Connection.RemoteIpAddress);
        if (isFirst && await PayAsync(app, consent, reference, context.Connection.RemoteIpAddress) is { } error)
        {
            cookie.Delete(context.Response);
            await RefuseAsync(context, app, funds, again, error);
            return;
        }
        cookie.Delete(context.Response);
        // Of a return that comes twice only the first knows what became of the payment.
        if (isFirst) sent.Remember(context.Response, consent.Units);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = consent.Back;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    });

    // Not cancelled when the visitor disconnects: the wallet may have paid already.
    /// <summary>The error message; null if it was paid.</summary>
    private async Task<string?> PayAsync(HostedApp app, Consent consent, string reference, IPAddress? visitor)
    {
        var client = flow.ClientOf(app.Name);
        var pending = new PendingConsent(consent.ContinueUri, consent.FinishNonce, consent.ContinueUri, consent.ContinueToken)
        {
            Wait = consent.Wait,
            ContinueAt = consent.ContinueAt,
        };
        var token = await client.FetchGrantAsync(pending, reference, CancellationToken.None);
        if (!token.IsGood) return WalletMessages.OfPayment(token.Fault, token.Detail);
        var payment = await client.PayAsync(consent.ResourceServer, consent.Payer, consent.QuoteId, token.Value, CancellationToken.None);
        if (!payment.IsGood) return WalletMessages.OfPayment(payment.Fault, payment.Detail);
        flow.Paid(visitor, consent.ResourceServer);
        return null;
    }

    private async Task AtAppAsync(HttpContext context, Func<HostedApp, ulong, Task> act)
    {
        var found = catalog.TryFind(context, out var app);
        if (!await limiter.EnterAsync(context, Endpoint, app?.Account)) return;
        if (!found)
        {
            await Problems.WriteAsync(context, Problem.NoSuchApp);
            return;
        }
        if (app!.BlockedWords is { } words)
        {
            PaymentsMeter.Refused(Endpoint, "blocked");
            await Problems.WriteAsync(context, Problem.AppBlocked(words));
            return;
        }
        if (!offered.HasWalletAddress)
        {
            await Problems.WriteAsync(context, Problem.NothingHere);
            return;
        }
        try
        {
            await act(app, (await ledger.ReadAsync(app.Account, context.RequestAborted))?.Funds ?? 0);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, Problem.LedgerUnavailable(5,
                "The host's store of balances does not answer. Nothing was paid; try again in a few seconds."));
        }
    }

    /// <summary>Shows the form again, with its error, or with a notice of what became of the payment.</summary>
    private Task RefuseAsync(HttpContext context, HostedApp app, ulong funds, WalletFormModel form, string? notice = null)
    {
        PaymentsMeter.Refused(Endpoint, "told why");
        return pages.WritePaymentAsync(context, StatusCodes.Status422UnprocessableEntity, app, funds, form, notice);
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxForm;
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }
}
