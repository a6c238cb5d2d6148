using System.Runtime.CompilerServices;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Changes;

/// <summary>Lets any number of watchers of an account share one subscription and one reader.</summary>
internal sealed class BalanceChanges(IBalanceLedger ledger, BalanceHints hints, Supervisor supervisor, TimeProvider time) : IBalanceChanges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AccountId, BalanceWatch> _watches = [];

    public async IAsyncEnumerable<Balance?> WatchAsync(AccountId account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = Enter(account);
        try
        {
            var seen = watch.Current;
            if (seen.Known) yield return seen.Balance;
            while (await Next(seen.Superseded, cancellation))
            {
                seen = watch.Current;
                yield return seen.Balance;
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
                _watches[account] = watch = new BalanceWatch(account, ledger, hints, supervisor.Work("balance watches"), time);
            watch.Watchers++;
            return watch;
        }
    }

    private void Leave(AccountId account, BalanceWatch watch)
    {
        lock (_gate)
        {
            if (--watch.Watchers > 0) return;
            _watches.Remove(account);
        }
        watch.Dispose();
    }
}
