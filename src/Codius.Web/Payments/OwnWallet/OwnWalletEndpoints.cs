using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Microsoft.AspNetCore.Http.Features;
using OpenPayments.Net;
using OpenPayments.Net.Paying;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Paying from the visitor's own wallet: the form (GET), its submission, which links to the wallet (POST), and the return, which pays.
/// Nothing of a visitor is stored before the consent; the 402 page then waits for the money as for any other payment.
/// </summary>
internal sealed class OwnWalletEndpoints(
    IAppCatalog catalog, IBalanceLedger ledger, AnonymousRateLimiter limiter, OwnWalletFlow flow, ConsentCookie cookie, SpentConsents spent,
    IWalletPages pages, WalletAmounts amounts, HostNames names)
{
    private const string Endpoint = "own wallet";
    private const int MaxForm = 8 * 1024;

    private static readonly Problem OtherOrigin =
        new(403, "other-origin", "This form is not from here", "Open the app's own page and send the form from there.");
    private static readonly Problem NoForm =
        new(400, "no-form", "This is not the form", "Open the app's own page and send the form from there.");

    public Task FormAsync(HttpContext context) => AtAppAsync(context, async (app, funds) =>
        await pages.WriteFormAsync(context, 200, app,
            new WalletFormModel(WalletInput.Back(context.Request.Query["back"]), amounts.All(funds))));

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
        var (entered, back) = (form["wallet"].ToString(), WalletInput.Back(form["back"]));
        _ = int.TryParse(form["times"], NumberStyles.None, CultureInfo.InvariantCulture, out var times);
        if (!amounts.TryFind(times, funds, out var units)) _ = amounts.TryFind(times = 1, funds, out units);
        var error = WalletInput.Read(entered, names, out var wallet);
        var prepared = error is null
            ? await flow.PrepareAsync(app, wallet!, units, back, context.Connection.RemoteIpAddress, context.RequestAborted)
            : Prepared.Failed(error);
        error = prepared.Error ?? (cookie.TryWrite(context.Response, app.Name, prepared.Consent!) ? null : WalletMessages.TooLarge);
        if (error is null) await pages.WriteConsentAsync(context, prepared.Model!);
        else await RefuseAsync(context, app, funds, error, new WalletFormModel(back, [], entered.Length <= 300 ? entered : "", times));
    });

    public Task ReturnAsync(HttpContext context) => AtAppAsync(context, async (app, funds) =>
    {
        var query = context.Request.Query;
        if (!cookie.TryRead(context.Request, app.Name, out var consent))
        {
            await RefuseAsync(context, app, funds, WalletMessages.UnknownConsent, new WalletFormModel("/", []));
            return;
        }
        var again = new WalletFormModel(consent.Back, [], consent.Payer);
        if (query["hash"].Count == 0 && query["result"].Count > 0)
        {
            cookie.Delete(context.Response);
            await RefuseAsync(context, app, funds, WalletMessages.Declined, again);
            return;
        }
        var reference = query["interact_ref"].ToString();
        if (!InteractionHash.IsRight(query["hash"].ToString(), consent.Nonce, consent.FinishNonce, reference, consent.AuthServer))
        {
            await RefuseAsync(context, app, funds, WalletMessages.WrongHash, again);
            return;
        }
        // A crash after this line: the consent is used but paid nothing, and the payer must consent again.
        if (await spent.TryUseAsync(consent.Nonce) && await PayAsync(app, consent, reference) is { } error)
        {
            cookie.Delete(context.Response);
            await RefuseAsync(context, app, funds, error, again);
            return;
        }
        cookie.Delete(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = consent.Back;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    });

    // Not cancelled when the visitor disconnects: the wallet may have paid already.
    /// <summary>The error message; null if it was paid.</summary>
    private async Task<string?> PayAsync(HostedApp app, Consent consent, string reference)
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
        return payment.IsGood ? null : WalletMessages.OfPayment(payment.Fault, payment.Detail);
    }

    private async Task AtAppAsync(HttpContext context, Func<HostedApp, ulong, Task> act)
    {
        if (!catalog.TryFind(context, out var app))
        {
            await Problems.WriteAsync(context, Problem.NoSuchApp);
            return;
        }
        if (!await limiter.EnterAsync(context, Endpoint, app.Account)) return;
        try
        {
            await act(app, (await ledger.ReadAsync(app.Account, context.RequestAborted))?.Funds ?? 0);
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or OpenPaymentsUnavailableException)
        {
            await Problems.WriteAsync(context, Problem.LedgerUnavailable(5,
                "The host's store of balances does not answer. Nothing was paid; try again in a few seconds."));
        }
    }

    private Task RefuseAsync(HttpContext context, HostedApp app, ulong funds, string error, WalletFormModel form)
    {
        PaymentsMeter.Refused(Endpoint, "told why");
        return pages.WriteFormAsync(context, StatusCodes.Status422UnprocessableEntity, app,
            form with { Amounts = amounts.All(funds), Error = error });
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
