using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.WalletPayments;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>One look at a payment of the host's wallet: reads it, credits the increase, and says when the next look is due.</summary>
internal sealed partial class WalletLook(
    HostWalletState state, ReceivingClient client, WalletCallBudget budget, WalletPaymentSchedule schedule, WalletCrediting crediting,
    IncomingLedger paid, GivenUpPayments givenUp, PaymentsHealth health, TimeProvider time, ILogger<WalletLook> log)
{
    private const int Remembered = 10_000;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LedgerAway = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Wallets refuse or deny what ended unpaid, and so does one that is out of order for a while: only what stays so has ended.
    /// </summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromHours(1);

    // When each was first seen completed, by this gateway's monotonic clock: the store's may jump in between. Another gateway, or a
    // restart, only looks once more.
    private readonly RecentlyUsed<Guid, long> _completed = new(Remembered);

    /// <summary>Looks at it; never throws for what the wallet or the ledger does.</summary>
    /// <param name="due">What was claimed.</param>
    /// <param name="since">A timestamp of this gateway from before the claim.</param>
    /// <param name="cancellation">Ends it without a result.</param>
    public async Task LookAsync(DueLook due, long since, CancellationToken cancellation)
    {
        if (state.Usable is not { } wallet)
        {
            await schedule.LookedAsync(due, LookResult.Failed(AfterFailure));
            return;
        }
        var isCompleting = due.Closing && !_completed.TryGet(due.Payment.Id, out _);
        var answer = isCompleting
            ? await client.CompleteAsync(wallet, due.Payment.Url, cancellation)
            : await client.ReadAsync(wallet, due.Payment.Url, cancellation);
        // The wallet's end is later than ours, or it has not noticed it yet: it would take money that nobody looks for.
        if (!isCompleting && answer.Value is { Completed: false, Method: not null } && (due.Closing || NextLook.IsPastEnd(due)))
        {
            isCompleting = true;
            answer = await client.CompleteAsync(wallet, due.Payment.Url, cancellation);
        }
        // This gateway stops: the claim ends by itself, and another one looks then.
        if (cancellation.IsCancellationRequested) return;
        var result = answer.IsGood
            ? await OfPaymentAsync(due, since, answer.Value with { Completed = answer.Value.Completed || isCompleting })
            : await OfFaultAsync(due, answer);
        HostWalletMeter.Looked(result.Outcome);
        await schedule.LookedAsync(due, result);
    }

    private async Task<LookResult> OfPaymentAsync(DueLook due, long since, ReceivingPayment seen)
    {
        var payment = due.Payment;
        health.RecordRecovery();
        var result = await crediting.CreditAsync(payment, seen);
        if (result is { Outcome: CreditOutcome.Unavailable }) return LookResult.Failed(LedgerAway);
        if (result is not { Outcome: CreditOutcome.Credited or CreditOutcome.AlreadyCounted })
            return IsGivenUp(due) ? await GiveUpAsync(due, "it cannot be credited") : LookResult.Failed(AfterFailure);
        var isIncreased = result.Value.Outcome == CreditOutcome.Credited;
        if (!seen.Completed) return NextLook.After(due, isIncreased, completedFor: null);
        // From the answer on: the wallet may have completed it just before. Until before this claim: what was read came after it.
        var first = _completed.GetOrAdd(payment.Id, _ => time.GetTimestamp());
        return NextLook.After(due, isIncreased, time.GetElapsedTime(first, since));
    }

    private async Task<LookResult> OfFaultAsync(DueLook due, WalletAnswer<ReceivingPayment> answer)
    {
        var payment = due.Payment;
        if (answer.RetryAfter is { } pause) budget.Pause(pause);
        var pastEnd = due.At - payment.ExpiresAt;
        // A grant that is refused, whatever the status, says nothing about the payment.
        var isGone = answer is { Fault: WalletFault.Gone } or { Fault: WalletFault.Refused, Status: StatusCodes.Status401Unauthorized };
        if (isGone && pastEnd > GoneAfter)
        {
            if (await IsPaidAsync(payment) is not { } isPaid) return LookResult.Failed(LedgerAway);
            // Wallets go on answering those that were paid.
            if (!isPaid)
            {
                LogGone(payment.Account, payment.ExpiresAt, answer.Fault, answer.Status);
                return LookResult.Ended;
            }
            isGone = false;
        }
        if (IsGivenUp(due)) return await GiveUpAsync(due, answer.Fault.ToString());
        // Unpaid ones that have just ended are no failure of the wallet's.
        if (!isGone || pastEnd < TimeSpan.Zero)
        {
            health.RecordWalletFailure($"the receiving wallet failed: {answer.Fault} {answer.Status}".TrimEnd() + ".");
            LogFailed(payment.Account, answer.Fault, answer.Status);
        }
        var after = !isGone || pastEnd < TimeSpan.Zero ? AfterFailure : pastEnd > NextLook.ClocksApart ? pastEnd : NextLook.ClocksApart;
        return LookResult.Failed(answer.RetryAfter > after ? answer.RetryAfter.Value : after);
    }

    /// <summary>True if anything was credited on it; null if the ledger is unavailable.</summary>
    private async Task<bool?> IsPaidAsync(WalletPayment payment)
    {
        try
        {
            return await paid.FindAsync(payment.Account, payment.Id) is not null;
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }

    private static bool IsGivenUp(DueLook due) => due.At > due.Payment.ExpiresAt + WalletCrediting.AfterEnd;

    private async Task<LookResult> GiveUpAsync(DueLook due, string why)
    {
        var payment = due.Payment;
        try
        {
            // Before it is forgotten. A crash in between: it is given up again, and listed twice.
            await givenUp.AddAsync(new GivenUpPayment(
                payment.Id, payment.Account, payment.CreatedAt, payment.ExpiresAt, due.At, why));
        }
        catch (LedgerUnavailableException)
        {
            return LookResult.Failed(LedgerAway);
        }
        HostWalletMeter.GivenUp();
        LogGivenUp(payment.Account, payment.ExpiresAt, why);
        return LookResult.Ended;
    }

    [LoggerMessage(LogLevel.Information, "A payment of {Account} cannot be read at the host's wallet ({Fault} {Status}); tried again")]
    private partial void LogFailed(AccountId account, WalletFault fault, int? status);

    [LoggerMessage(LogLevel.Information,
        "An unpaid payment of {Account} that ended at {End} is forgotten: the host's wallet does not know it any more ({Fault} {Status})")]
    private partial void LogGone(AccountId account, DateTimeOffset end, WalletFault fault, int? status);

    [LoggerMessage(LogLevel.Error,
        "A payment of {Account} that ended at {End} could not be credited for 30 days and is given up: {Why}. Look into the host's wallet")]
    private partial void LogGivenUp(AccountId account, DateTimeOffset end, string why);
}
