using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Payments.Setup;

/// <summary>Wallet mode: passes SPSP queries to the host's receiving wallet.</summary>
internal sealed class WalletReceiver(WalletQuery wallet) : ISpspReceiver
{
    private static readonly Problem NoReceipts = new(409, "wallet-without-receipts", "The host's wallet gives no receipts",
        "Payments to it could not be counted, so none is set up. The host's owner must name a receiving wallet that supports STREAM "
            + "receipts.");

    private static readonly Problem Down = new(502, "wallet-down", "The host's wallet cannot be reached",
        "Nothing was paid. Try again in a moment.")
    { RetryAfter = 5 };

    private static readonly Problem TooSlow = new(504, "wallet-too-slow", "The host's wallet did not answer in time",
        "Nothing was paid. Try again in a moment.")
    { RetryAfter = 5 };

    public bool AcceptsUnbound => true;

    public async Task AnswerAsync(HttpContext context, AccountId? account)
    {
        var answer = await wallet.QueryAsync(account, context.Request.Headers[WalletQuery.MonetizationId], context.RequestAborted);
        await (answer.Outcome switch
        {
            WalletOutcome.Answered => SpspAnswer.CredentialsAsync(context, answer.Credentials!),
            WalletOutcome.NoReceipts => Problems.WriteAsync(context, NoReceipts),
            WalletOutcome.TooSlow => Problems.WriteAsync(context, TooSlow),
            _ => Problems.WriteAsync(context, Down),
        });
    }
}
