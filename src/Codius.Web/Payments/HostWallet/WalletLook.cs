using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>One look at a payment of the host's wallet: reads it, credits the increase, and says when the next look is due.</summary>
/// <remarks>
/// A payment's end is judged by the store's clock, and by the time of the claim, which is before the read: a gateway with a fast clock must
/// not have a payment forgotten that can still be paid.
/// </remarks>
internal sealed partial class WalletLook(
    HostWalletState state, ReceivingClient client, WalletCallBudget budget, WalletPaymentSchedule schedule, WalletCrediting crediting,
    PaymentsHealth health, ILogger<WalletLook> log)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LedgerAway = TimeSpan.FromSeconds(2);

    /// <summary>The wallet's clock may be behind: a payment may still be made there when its end is past here.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(1);

    /// <summary>Rafiki refuses reads of what ended unpaid as it refuses a client: only one that stays refused has ended.</summary>
    private static readonly TimeSpan RefusedUntil = TimeSpan.FromMinutes(10);

    public async Task LookAsync(DueLook due, CancellationToken cancellation)
    {
        if (state.Usable is not { } wallet)
        {
            await schedule.LookedAsync(due, LookResult.Failed(AfterFailure));
            return;
        }
        var answer = due.Closing
            ? await client.CompleteAsync(wallet, due.Payment.Url, cancellation)
            : await client.ReadAsync(wallet, due.Payment.Url, cancellation);
        // This gateway stops: the claim ends by itself, and another one looks then.
        if (cancellation.IsCancellationRequested) return;
        var result = answer.IsGood ? await OfPaymentAsync(due, answer.Value) : OfFault(due, answer);
        HostWalletMeter.Looked(result.Outcome);
        await schedule.LookedAsync(due, result);
    }

    private async Task<LookResult> OfPaymentAsync(DueLook due, ReceivingPayment seen)
    {
        var payment = due.Payment;
        health.RecordRecovery();
        var result = await crediting.CreditAsync(payment, due.Closing ? seen with { Completed = true } : seen);
        if (result is { Outcome: CreditOutcome.Unavailable }) return LookResult.Failed(LedgerAway);
        if (result is not { Outcome: CreditOutcome.Credited or CreditOutcome.AlreadyCounted })
            return IsGivenUp(due) ? GiveUp(payment, "it cannot be credited") : LookResult.Failed(AfterFailure);
        // Nothing more can arrive: it is completed there, or its end is past by every clock.
        if (seen.Completed || due.Closing || due.At >= payment.ExpiresAt + ClocksApart) return LookResult.Ended;
        if (due.At >= payment.ExpiresAt) return LookResult.Failed(payment.ExpiresAt + ClocksApart - due.At);
        return result.Value.Outcome == CreditOutcome.Credited ? LookResult.Increased : LookResult.Unchanged;
    }

    private LookResult OfFault(DueLook due, WalletAnswer<ReceivingPayment> answer)
    {
        var payment = due.Payment;
        if (answer.RetryAfter is { } pause) budget.Pause(pause);
        var pastEnd = due.At - payment.ExpiresAt;
        var isGone = answer.Fault == WalletFault.Gone || answer.Status == StatusCodes.Status401Unauthorized;
        if (isGone && pastEnd > (answer.Fault == WalletFault.Gone ? ClocksApart : RefusedUntil)) return LookResult.Ended;
        if (IsGivenUp(due)) return GiveUp(payment, answer.Fault.ToString());
        // Unpaid ones that have just ended are no failure of the wallet's.
        if (!isGone || pastEnd < TimeSpan.Zero)
        {
            health.RecordFailure($"the receiving wallet failed: {answer.Fault} {answer.Status}".TrimEnd() + ".");
            LogFailed(payment.Account, answer.Fault, answer.Status);
        }
        var after = isGone && pastEnd > ClocksApart ? RefusedUntil : pastEnd > TimeSpan.Zero && isGone ? ClocksApart : AfterFailure;
        return LookResult.Failed(answer.RetryAfter > after ? answer.RetryAfter.Value : after);
    }

    private static bool IsGivenUp(DueLook due) => due.At > due.Payment.ExpiresAt + WalletCrediting.AfterEnd;

    private LookResult GiveUp(WalletPayment payment, string why)
    {
        HostWalletMeter.GivenUp();
        LogGivenUp(payment.Account, payment.ExpiresAt, why);
        return LookResult.Ended;
    }

    [LoggerMessage(LogLevel.Information, "A payment of {Account} cannot be read at the host's wallet ({Fault} {Status}); tried again")]
    private partial void LogFailed(AccountId account, WalletFault fault, int? status);

    [LoggerMessage(LogLevel.Error,
        "A payment of {Account} that ended at {End} could not be credited for 30 days and is given up: {Why}. Look into the host's wallet")]
    private partial void LogGivenUp(AccountId account, DateTimeOffset end, string why);
}
