using System.Runtime.CompilerServices;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Changes;

/// <summary>Lets any number of watchers of an account share one subscription and one reader.</summary>
internal sealed class BalanceChanges(IBalanceLedger ledger, BalanceHints hints, Supervisor supervisor, TimeProvider time) : IBalanceChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AccountId, BalanceWatch> _watches = [];
    private readonly SupervisedWork _reading = supervisor.Work("balance watches");
    private readonly SupervisedWork _ticking = supervisor.Work("ticks of balance watches");
    private ITimer? _ticks;

    public async IAsyncEnumerable<ulong> WatchAsync(AccountId account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = Enter(account);
        try
        {
            var seen = watch.Current;
            if (seen.Known) yield return seen.Funds;
            while (await Next(seen.Superseded, cancellation))
            {
                seen = watch.Current;
                yield return seen.Funds;
            }
        }
        finally
        {
            Leave(account, watch);
        }
    }

    public IDisposable Listen(Action<AccountId> changed) => hints.ListenToAll(changed);

    private static async Task<bool> Next(Task superseded, CancellationToken cancellation)
    {
        await superseded.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }

    private BalanceWatch Enter(AccountId account)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(account, out var watch))
                _watches[account] = watch = new BalanceWatch(account, ledger, hints, _reading, time);
            watch.Watchers++;
            // One for all of them: a timer for each would wake the gateway as often as it has apps.
            _ticks ??= SharedTicks.Call(() => _ticking.Try(Tick), BalanceWatch.ShortestPause, time);
            return watch;
        }
    }

    private void Leave(AccountId account, BalanceWatch watch)
    {
        lock (_gate)
        {
            if (--watch.Watchers > 0) return;
            _watches.Remove(account);
            if (_watches.Count == 0)
            {
                _ticks?.Dispose();
                _ticks = null;
            }
        }
        watch.Dispose();
    }

    private void Tick()
    {
        BalanceWatch[] watches;
        lock (_gate) watches = [.. _watches.Values];
        foreach (var watch in watches) watch.Tick();
    }
}
