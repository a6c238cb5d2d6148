using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Changes;

/// <summary>Reads one account while it has watchers: when a hint comes, and every two seconds in case one was lost.</summary>
internal sealed class BalanceWatch : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly AccountId _account;
    private readonly IBalanceLedger _ledger;
    private readonly SupervisedWork _work;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly IDisposable _hints;
    private readonly SemaphoreSlim _hinted = new(0, 1);
    private TaskCompletionSource _superseded = NewSignal();

    public BalanceWatch(AccountId account, IBalanceLedger ledger, BalanceHints hints, SupervisedWork work, TimeProvider time)
    {
        _account = account;
        _ledger = ledger;
        _work = work;
        _time = time;
        Current = new Reading(false, null, _superseded.Task);
        // Subscribes before it reads: a change in between is reported twice rather than never.
        _hints = hints.Listen(account, Hint);
        _ = work.RunAsync(FollowAsync, _ended.Token);
    }

    /// <summary>The number of watchers; guarded by the lock of <see cref="BalanceChanges"/>.</summary>
    public int Watchers { get; set; }

    /// <summary>The last reading.</summary>
    public Reading Current { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    public void Dispose()
    {
        _hints.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    private void Hint()
    {
        try
        {
            _hinted.Release();
        }
        catch (SemaphoreFullException)
        {
            // One pending hint is enough.
        }
    }

    private async Task FollowAsync(CancellationToken ended)
    {
        while (true) // until the last watcher leaves
        {
            await ReadAsync(ended);
            _work.Succeeded();
            await Task.Delay(ShortestPause, _time, ended);
            using var timeout = new CancellationTokenSource(LongestPause, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ended);
            await _hinted.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.ThrowIfCancellationRequested();
        }
    }

    private async Task ReadAsync(CancellationToken ended)
    {
        try
        {
            var balance = await _ledger.ReadAsync(_account, ended);
            var last = Current;
            if (last.Known && last.Balance == balance) return;
            var superseded = _superseded;
            _superseded = NewSignal();
            Current = new Reading(true, balance, _superseded.Task);
            superseded.SetResult();
        }
        catch (LedgerUnavailableException)
        {
            // The next round reads again; the watchers keep the last reading.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was read, and a task that completes when a newer reading exists.</summary>
    public sealed record Reading(bool Known, Balance? Balance, Task Superseded);
}
