using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.HostWallet;
using OpenPayments.Net;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Wallet mode: passes SPSP queries to the host's wallet, which gives receipts; from one that gives none the payer gets the address of an
/// incoming payment that the gateway makes there.
/// </summary>
internal sealed class WalletReceiver(
    WalletQuery wallet, WalletCallBudget budget, HostWalletState state, SpspPayments payments, TimeProvider time) : ISpspReceiver
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private static readonly Problem NoReceipts = new(409, "wallet-without-receipts", "The host's wallet gives no receipts",
        "Payments to it could not be counted, so none is set up. The host's owner must name a receiving wallet that supports STREAM "
            + "receipts or Open Payments.");

    private static readonly Problem Down = new(502, "wallet-down", "The host's wallet cannot be reached",
        "Nothing was paid. Try again in a moment.")
    { RetryAfter = 5 };

    private static readonly Problem TooSlow = new(504, "wallet-too-slow", "The host's wallet did not answer in time",
        "Nothing was paid. Try again in a moment.")
    { RetryAfter = 5 };

    private static readonly Problem Busy = new(503, "wallet-unavailable", "The host's wallet cannot take a payment just now",
        "Nothing was paid. Try again in a moment.")
    { RetryAfter = 5 };

    private long _withoutReceiptsSince = long.MinValue;

    public bool AcceptsUnbound => true;

    // Remembered for a while: else each payer would wait for two answers of the wallet.
    private bool IsWithoutReceipts =>
        Volatile.Read(ref _withoutReceiptsSince) is > long.MinValue and var since && time.GetElapsedTime(since) < Remembered;

    public async Task AnswerAsync(HttpContext context, AccountId? account)
    {
        // A payment is of one account, a receipt may be of any.
        var maySetUp = account is not null && state.Kind == HostWalletKind.OpenPayments;
        if (maySetUp && IsWithoutReceipts)
        {
            await SetUpAsync(context, account.GetValueOrDefault());
            return;
        }
        if (!await budget.WaitAsync(context.Connection.RemoteIpAddress, context.RequestAborted))
        {
            await Problems.WriteAsync(context, Busy);
            return;
        }
        // The query's nonce says the digits that are known by now: those of the wallet's document.
        var isKnown = state.Kind != HostWalletKind.Unknown;
        var answer = await wallet.QueryAsync(
            account, context.Request.Headers[WalletQuery.MonetizationId], optional: maySetUp, context.RequestAborted);
        if (answer.Outcome == WalletOutcome.Answered && (!isKnown || state.Fault is not null))
            await Problems.WriteAsync(context, Busy);
        else if (answer.Outcome == WalletOutcome.Answered)
            await SpspAnswer.CredentialsAsync(context, answer.Credentials!, answer.Body);
        else if (maySetUp && answer.Outcome is WalletOutcome.NoReceipts or WalletOutcome.NoSpsp)
        {
            Volatile.Write(ref _withoutReceiptsSince, time.GetTimestamp());
            await SetUpAsync(context, account.GetValueOrDefault());
        }
        else await Problems.WriteAsync(context, ProblemOf(answer.Outcome));
    }

    private async Task SetUpAsync(HttpContext context, AccountId account)
    {
        try
        {
            var credentials = await payments.CreateAsync(account, context.Connection.RemoteIpAddress, context.RequestAborted);
            await SpspAnswer.CredentialsAsync(context, credentials);
        }
        catch (OpenPaymentsUnavailableException)
        {
            await Problems.WriteAsync(context, Busy);
        }
    }

    private static Problem ProblemOf(WalletOutcome outcome) => outcome switch
    {
        WalletOutcome.NoReceipts => NoReceipts,
        WalletOutcome.TooSlow => TooSlow,
        _ => Down,
    };
}
