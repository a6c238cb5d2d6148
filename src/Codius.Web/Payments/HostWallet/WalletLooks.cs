using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// Works off the schedule of looks at the host's wallet: every gateway claims what is due, as much as its share of the budget allows. A
/// look that a crash ends is due again soon, at any gateway; two looks at one payment credit it once.
/// </summary>
internal sealed class WalletLooks(
    WalletPaymentSchedule schedule, WalletCallBudget budget, HostWalletState state, WalletLook look, Supervisor supervisor,
    TimeProvider time)
    : SupervisedService(supervisor.Work("looks at the host's wallet"))
{
    private const int Most = 64;

    // Shorter than the slowest look: two gateways that look at one payment credit it once, and one that crashed delays it no longer.
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LedgerAway = TimeSpan.FromSeconds(1);

    private readonly List<Task> _running = [];
    private TaskCompletionSource _hinted = NewHint();

    /// <summary>A hint was given here: its look begins at once. One given at another gateway is found in the next round.</summary>
    public void Wake() => Volatile.Read(ref _hinted).TrySetResult();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!state.IsMode) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var hint = NewHint();
            Volatile.Write(ref _hinted, hint);
            var wait = await ClaimAsync(stoppingToken);
            await hint.Task.WaitAsync(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Many hints at once do not make as many rounds.
            await Task.Delay(Shortest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(_running);
    }

    /// <summary>Begins the looks that are due; how long to wait for the next ones.</summary>
    private async Task<TimeSpan> ClaimAsync(CancellationToken stopping)
    {
        _running.RemoveAll(task => task.IsCompleted);
        if (state.Usable is null) return Longest;
        var calls = budget.Acquire(Most - _running.Count);
        if (calls == 0) return Longest;
        try
        {
            var since = time.GetTimestamp();
            var (looks, next) = await schedule.ClaimAsync(calls, HeldFor);
            foreach (var due in looks) _running.Add(Work.TryAsync(() => look.LookAsync(due, since, stopping), stopping));
            budget.Return(calls - looks.Count);
            Work.Succeeded();
            return looks.Count == calls ? TimeSpan.Zero : next < Longest ? next.Value : Longest;
        }
        catch (LedgerUnavailableException)
        {
            budget.Return(calls);
            return LedgerAway;
        }
    }

    private static TaskCompletionSource NewHint() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
