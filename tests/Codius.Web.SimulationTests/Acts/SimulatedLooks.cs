using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Payments.HostWallet;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>
/// One gateway's looks at the receiving wallet: the calls of <see cref="WalletLook"/> in their order, with its rules. Between two of them
/// it may be frozen or crash, and each may be lost, late or doubled.
/// </summary>
internal sealed class SimulatedLooks(
    Simulation simulation, SimulatedGateway gateway, CreditActs credits, Func<Guid, SimulatedWalletPayment> find)
{
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(20), AfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LedgerAway = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, long> _completed = [];

    private WalletPaymentSchedule Schedule => simulation.Store.Looks;

    /// <summary>When the next look is due after the last claim; null: never.</summary>
    public TimeSpan? Next { get; private set; }

    public void Claim(int most) => gateway.Run(async () =>
    {
        var since = simulation.Time.Now;
        var claimed = await CallAsync("claim", () => Schedule.ClaimAsync(most, HeldFor).AsTask().GetAwaiter().GetResult());
        Next = claimed.Next;
        foreach (var due in claimed.Looks ?? []) gateway.Run(() => LookAsync(due, since));
    });

    private async Task LookAsync(DueLook due, long since)
    {
        var payment = find(due.Payment.Id);
        var completes = due.Closing && !_completed.ContainsKey(due.Payment.Id);
        var seen = await CallAsync("wallet", () => payment.Read(simulation.Time.Now, completes), mayCrash: false);
        if (!completes && seen is { CanBePaid: true } && (due.Closing || NextLook.IsPastEnd(due)))
        {
            completes = true;
            seen = await CallAsync("wallet", () => payment.Read(simulation.Time.Now, completes), mayCrash: false);
        }
        var result = seen is null ? LookResult.Failed(AfterFailure) : await OfPaymentAsync(due, since, payment, seen);
        await CallAsync("end-look", () =>
        {
            Schedule.LookedAsync(due, result).AsTask().GetAwaiter().GetResult();
            return true;
        });
    }

    private async Task<LookResult> OfPaymentAsync(DueLook due, long since, SimulatedWalletPayment payment, WalletReading seen)
    {
        var result = await CallAsync("credit-wallet", () => Credit(payment, seen));
        if (result.Outcome is not (CreditOutcome.Credited or CreditOutcome.AlreadyCounted)) return LookResult.Failed(LedgerAway);
        var isIncreased = result.Outcome == CreditOutcome.Credited;
        if (!seen.IsCompleted) return NextLook.After(due, isIncreased, completedFor: null);
        if (!_completed.TryGetValue(due.Payment.Id, out var first)) first = _completed[due.Payment.Id] = simulation.Time.Now;
        return NextLook.After(due, isIncreased, TimeSpan.FromMilliseconds(since - first));
    }

    private CreditResult Credit(SimulatedWalletPayment payment, WalletReading seen)
    {
        var result = new CreditResult(CreditOutcome.Unavailable);
        var (kept, number, until) = (payment.Kept, payment.Number, payment.Kept.ExpiresAt + WalletCrediting.AfterEnd);
        var credit = new WalletCredit(kept.Account, kept.ToTerms(), seen.Total, seen.IsCompleted, until);
        simulation.On(payment.Account, () => credits.Run(new SimulatedCredit(
            $"wallet {number}", books => books.Wallet(number, seen.Total),
            async () => result = await simulation.Store.Ledger.CreditAsync(credit, default), IsMarkedLater: false)));
        Rule.Holds(
            result.Outcome == CreditOutcome.Unavailable || (result.ReceiptTotal >= seen.Total && result.ReceiptTotal <= payment.Received),
            "What is counted of a payment is what the wallet received", $"{number}: {result}, {seen}, {payment.Received}");
        return result;
    }

    /// <summary>The answer, when this gateway has it; the default one if it never comes.</summary>
    private async Task<T?> CallAsync<T>(string name, Func<T> execute, bool mayCrash = true)
    {
        var (answer, result) = (new TaskCompletionSource<bool>(), default(T));
        simulation.Pending.Add(new PendingCall(name, gateway, simulation.Time.Now, () =>
        {
            try
            {
                result = execute();
            }
            catch (LedgerUnavailableException)
            {
                result = default;
            }
            Rule.Holds(simulation.Store.Scripts.Error is null, "Scripts do not fail", $"{simulation.Store.Scripts.Error}");
        }, arrives => answer.TrySetResult(arrives))
        { MayCrash = mayCrash });
        return await answer.Task ? result : default;
    }
}
