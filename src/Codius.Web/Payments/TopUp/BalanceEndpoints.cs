using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;

namespace Codius.Web.Payments.TopUp;

/// <summary>The receipt verifier's public endpoints: read a balance, post a receipt.</summary>
internal sealed class BalanceEndpoints(
    IBalanceLedger ledger, ReceiptVerifier receipts, PayableAccounts accounts, AnonymousRateLimiter limiter)
{
    public const string BalanceEndpoint = "balance";
    public const string ReceiptsEndpoint = "receipt";
    private const string NotFound = "Not Found";

    /// <summary><c>GET /balances/{account}</c>: decimal text; 404 if the account was never paid, or cannot be.</summary>
    public async Task ReadAsync(HttpContext context)
    {
        CorsForPages.Allow(context);
        var known = accounts.TryFind((string?)context.GetRouteValue("account"), out var account);
        if (!await limiter.EnterAsync(context, BalanceEndpoint, known ? account : null)) return;
        try
        {
            var balance = known ? await ledger.ReadAsync(account, context.RequestAborted) : null;
            if (balance is { } found) await PlainText.WriteAsync(context, 200, Decimal(found.Funds));
            else await PlainText.WriteAsync(context, 404, NotFound);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, NoLedger);
        }
    }

    /// <summary><c>POST /balances/{account}:creditReceipt</c>: credits the increase, answers with the new balance.</summary>
    public async Task CreditReceiptAsync(HttpContext context)
    {
        CorsForPages.Allow(context);
        var known = AccountId.TryParse((string?)context.GetRouteValue("account"), out var account);
        if (!await limiter.EnterAsync(context, ReceiptsEndpoint, known ? account : null)) return;
        if (await PlainText.ReadAsync(context, ReceiptVerifier.Length) is not { } receipt)
        {
            await RefuseAsync(context, ReceiptOutcome.TooLarge);
            return;
        }
        var outcome = known ? await receipts.CreditAsync(account, receipt) : ReceiptOutcome.NoSuchAccount;
        if (outcome.Status == 200) await PlainText.WriteAsync(context, 200, Decimal(outcome.Credit.Funds));
        else await RefuseAsync(context, outcome);
    }

    /// <summary>A preflight gets 204, a plain OPTIONS 200, as from the receipt verifier.</summary>
    public static async Task OptionsAsync(HttpContext context)
    {
        await CorsForPages.PreflightAsync(context, "GET, POST, OPTIONS", "content-type");
        if (context.Request.Headers.AccessControlRequestMethod.Count == 0) context.Response.StatusCode = StatusCodes.Status200OK;
    }

    public static async Task RefuseAsync(HttpContext context, ReceiptOutcome outcome)
    {
        PaymentsMeter.Refused(ReceiptsEndpoint, outcome.Text);
        if (outcome.Status == 503) await Problems.WriteAsync(context, outcome == ReceiptOutcome.ScaleUnknown ? NoScale : NoLedger);
        else await PlainText.WriteAsync(context, outcome.Status, outcome.Text);
    }

    public static Problem NoLedger { get; } = Problem.LedgerUnavailable(1,
        "The store of balances did not answer. Nothing is lost: send the same again in a moment.");

    private static Problem NoScale { get; } = new(503, "wallet-unknown", "The host's wallet is not known yet",
        "The receiving wallet has not said so far what its amounts mean. Nothing is lost: send the same again in a moment.")
    { RetryAfter = 5 };

    public static string Decimal(ulong units) => units.ToString(CultureInfo.InvariantCulture);
}
