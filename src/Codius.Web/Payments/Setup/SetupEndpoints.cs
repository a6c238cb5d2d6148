using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Interledger.Net.AspNetCore;

namespace Codius.Web.Payments.Setup;

/// <summary>The payment pointers: each account's, and the host's own.</summary>
internal sealed class SetupEndpoints(
    PayableAccounts accounts, AnonymousRateLimiter limiter, ISpspReceiver receiver, WalletAddressAnswer walletAddresses, HostNames names)
{
    public const string Endpoint = "spsp";
    private const string Methods = "GET, OPTIONS";
    private static readonly string Headers =
        string.Join(", ", WalletQuery.MonetizationId.ToLowerInvariant(), "receipt-nonce", "receipt-secret");

    /// <summary>An app's own pointer, <c>$app.host</c>.</summary>
    public Task OfAppAsync(HttpContext context) => AnswerAsync(context, HostMatchFeature.LabelOf(context));

    /// <summary>The pointer of any account, <c>$host/pay/{account}</c>.</summary>
    public Task OfAccountAsync(HttpContext context) => AnswerAsync(context, (string?)context.GetRouteValue("account"));

    /// <summary>The bare host's pointer, <c>$host</c>, which names no account.</summary>
    public async Task OfHostAsync(HttpContext context)
    {
        Begin(context);
        if (!await limiter.EnterAsync(context, Endpoint)) return;
        if (PersonsRequest.IsOf(context.Request)) PersonsRequest.Lead(context, names.Origin + "/");
        else if (receiver.AcceptsUnbound && context.Request.IsSpsp()) await receiver.AnswerAsync(context, null);
        else await NotFoundAsync(context);
    }

    /// <summary>The keys of an app's wallet address: the gateway's, whichever app it is.</summary>
    public Task KeysOfAppAsync(HttpContext context) => KeysAsync(context, HostMatchFeature.LabelOf(context));

    /// <summary>The keys of the host itself, where it is a client of its own wallet.</summary>
    public async Task KeysOfHostAsync(HttpContext context)
    {
        CorsForPages.Allow(context);
        if (await limiter.EnterAsync(context, Endpoint)) await walletAddresses.WriteKeysAsync(context);
    }

    /// <summary>The keys of any account's wallet address.</summary>
    public Task KeysOfAccountAsync(HttpContext context) => KeysAsync(context, (string?)context.GetRouteValue("account"));

    public static Task OptionsAsync(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept";
        return CorsForPages.PreflightAsync(context, Methods, Headers);
    }

    private async Task AnswerAsync(HttpContext context, string? text)
    {
        Begin(context);
        var known = accounts.TryFind(text, out var account);
        if (!await limiter.EnterAsync(context, Endpoint, known ? account : null)) return;
        if (known && accounts.BlockedWordsOf(account) is { } words) await RefuseAsync(context, words);
        else if (PersonsRequest.IsOf(context.Request)) await LeadAsync(context, known ? account : null);
        else if (!known) await NotFoundAsync(context);
        else if (context.Request.IsSpsp()) await receiver.AnswerAsync(context, account);
        else await walletAddresses.WriteAsync(context, account);
    }

    private async Task KeysAsync(HttpContext context, string? text)
    {
        CorsForPages.Allow(context);
        if (!await limiter.EnterAsync(context, Endpoint)) return;
        if (accounts.TryFind(text, out _)) await walletAddresses.WriteKeysAsync(context);
        else await NotFoundAsync(context);
    }

    private Task LeadAsync(HttpContext context, AccountId? account)
    {
        if (account is not { } known)
        {
            PaymentsMeter.Refused(Endpoint, "no such account");
            return Problems.WriteAsync(context, Problem.NoSuchApp);
        }
        PersonsRequest.Lead(context, known.IsDeployToken
            ? names.PageOfAccount(known.ToString()) : names.OriginOf(known.ToString()) + WalletFormModel.Path);
        return Task.CompletedTask;
    }

    /// <summary>For every way to pay the same. What is on its way by an address that was given before is credited.</summary>
    private static Task RefuseAsync(HttpContext context, string words)
    {
        PaymentsMeter.Refused(Endpoint, "blocked");
        return Problems.WriteAsync(context, Problem.AppBlocked(words));
    }

    // In the format of the client: SPSP or Open Payments.
    private static Task NotFoundAsync(HttpContext context)
    {
        PaymentsMeter.Refused(Endpoint, "no such account");
        return context.Request.IsSpsp() ? SpspAnswer.NoSuchReceiverAsync(context) : WalletAddressAnswer.NotFoundAsync(context);
    }

    private static void Begin(HttpContext context)
    {
        CorsForPages.Allow(context);
        context.Response.Headers.Vary = "Accept";
    }
}

/// <summary>Answers SPSP queries: the gateway itself, or the receiving wallet behind it.</summary>
internal interface ISpspReceiver
{
    /// <summary>True if a payment can be set up that names no account.</summary>
    bool AcceptsUnbound { get; }

    /// <summary>Answers a query for an account that exists; null for the bare host's pointer.</summary>
    Task AnswerAsync(HttpContext context, AccountId? account);
}
