using System.Globalization;
using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;

namespace Codius.Web.Payments.TopUp;

/// <summary>
/// The receipt verifier's endpoints for programs of the host, with the admin token: spend from a balance, verify a receipt.
/// </summary>
internal sealed class VerifierEndpoints(IBalanceLedger ledger, ReceiptVerifier receipts, ReceivingWalletAddress wallet)
{
    private const string SpendTooLarge = "spend amount exceeds max 64 bit signed integer";
    private const string NotDecimal = "spend amount must be a decimal number of units";
    private const string Unknown =
        "It is not known whether the amount was taken: read the balance before asking again, or send an Idempotency-Key.";
    private const int MaxKey = 64;
    private static readonly int SpendLength = long.MaxValue.ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>
    /// <c>POST /balances/{account}:spend</c> with a decimal amount: debits all of it or nothing, and returns the new balance.
    /// With an <c>Idempotency-Key</c> a repeat changes nothing, so that a request whose response was lost can be sent again.
    /// </summary>
    public async Task SpendAsync(HttpContext context)
    {
        string? key = context.Request.Headers["Idempotency-Key"];
        if (key?.Length > MaxKey)
        {
            await PlainText.WriteAsync(context, 400, $"Idempotency-Key must have at most {MaxKey} characters");
            return;
        }
        var (status, text) = await PlainText.ReadAsync(context, SpendLength) is { } amount
            ? await SpendAsync((string?)context.GetRouteValue("account"), amount, key)
            : (413, PlainText.TooLarge);
        if (status == 503) await Problems.WriteAsync(context, BalanceEndpoints.NoLedger with { Detail = text });
        else await PlainText.WriteAsync(context, status, text);
    }

    /// <summary><c>POST /verify</c> and <c>POST /receipts</c>: returns the increase that a receipt proves, once.</summary>
    public async Task VerifyAsync(HttpContext context)
    {
        var outcome = await PlainText.ReadAsync(context, ReceiptVerifier.Length) is { } receipt
            ? await receipts.CreditAsync(ReceiptVerifier.Verified, receipt)
            : ReceiptOutcome.TooLarge;
        if (outcome.Status != 200)
        {
            await BalanceEndpoints.RefuseAsync(context, outcome);
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.Body,
            new { amount = BalanceEndpoints.Decimal(outcome.Credit.Increase), spspEndpoint = wallet.Endpoint?.AbsoluteUri ?? "" },
            cancellationToken: context.RequestAborted);
    }

    private async ValueTask<(int Status, string Text)> SpendAsync(string? id, string amount, string? key)
    {
        // The original parsed a negative amount as a huge one.
        var digits = amount.StartsWith('-') ? amount.AsSpan(1) : amount;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9')) return (400, NotDecimal);
        if (amount.StartsWith('-') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var units))
            return (409, SpendTooLarge);
        if (!AccountId.TryParse(id, out var account)) return (404, "balance does not exist");

        var result = await ledger.SpendAsync(account, (ulong)units, CancellationToken.None, key);
        return result.Outcome switch
        {
            SpendOutcome.Done or SpendOutcome.Repeated => (200, BalanceEndpoints.Decimal(result.Funds)),
            SpendOutcome.NoAccount => (404, "balance does not exist"),
            SpendOutcome.Recalled =>
                (503, "The money is there, but gateways hold it for visits; they were asked to give it back. Send the same again in a "
                + "moment."),
            SpendOutcome.Unavailable =>
                (503, key is null ? Unknown : "Send the same again, with the same Idempotency-Key: it is taken once."),
            _ => (409, "insufficient balance"),
        };
    }
}
