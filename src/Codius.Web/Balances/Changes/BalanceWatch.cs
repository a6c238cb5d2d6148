using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Changes;

/// <summary>
/// Knows the funds of one account while it has watchers. It reads them when a hint comes, and when they are two seconds old, in case one
/// was lost. What visits of this gateway leave is in the answers that it has anyway, so that a busy account is hardly read.
/// </summary>
internal sealed class BalanceWatch : IDisposable
{
    /// <summary>How soon one reading follows another; <see cref="Tick"/> is called as often.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly AccountId _account;
    private readonly IBalanceLedger _ledger;
    private readonly SupervisedWork _work;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly IDisposable _hints;
    private readonly Lock _gate = new();
    private bool _isReading, _isHinted;
    private ulong? _told;
    private long _readAt;
    private TaskCompletionSource _superseded = NewSignal();

    public BalanceWatch(AccountId account, IBalanceLedger ledger, BalanceHints hints, SupervisedWork work, TimeProvider time)
    {
        (_account, _ledger, _work, _time) = (account, ledger, work, time);
        Current = new Reading(false, 0, _superseded.Task);
        // Subscribes before it reads: a change in between is reported twice rather than never.
        _hints = hints.Listen(account, Hint, Told);
        lock (_gate) Read();
    }

    /// <summary>The number of watchers; guarded by the lock of <see cref="BalanceChanges"/>.</summary>
    public int Watchers { get; set; }

    /// <summary>The last reading.</summary>
    public Reading Current { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    /// <summary>What is due now.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_isReading || !HasPassed(ShortestPause)) return;
            if (_isHinted || (_told is null && HasPassed(LongestPause))) Read();
            else if (_told is { } funds) Publish(funds);
        }
    }

    public void Dispose()
    {
        _hints.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    private void Hint()
    {
        lock (_gate)
        {
            _isHinted = true;
            if (!_isReading && HasPassed(ShortestPause)) Read();
        }
    }

    /// <summary>The store has said what the funds are.</summary>
    private void Told(ulong funds)
    {
        lock (_gate)
        {
            // A reading that is under way may be older than this or newer: another one says.
            if (_isReading) _isHinted = true;
            else if (!_isHinted && HasPassed(ShortestPause)) Publish(funds);
            else _told = funds;
        }
    }

    private void Read()
    {
        (_isReading, _isHinted, _told, _readAt) = (true, false, null, _time.GetTimestamp());
        // Leaves the lock first.
        _ = Task.Run(() => _work.TryAsync(ReadAsync, _ended.Token));
    }

    private async Task ReadAsync()
    {
        ulong? funds = null;
        try
        {
            funds = (await _ledger.ReadAsync(_account, _ended.Token))?.Funds ?? 0;
        }
        catch (LedgerUnavailableException)
        {
            // It is read again; the watchers keep the last reading.
        }
        finally
        {
            lock (_gate)
            {
                _isReading = false;
                if (funds is { } read) Publish(read);
            }
        }
    }

    private void Publish(ulong funds)
    {
        (_told, _readAt) = (null, _time.GetTimestamp());
        if (Current is { Known: true } last && last.Funds == funds) return;
        var superseded = _superseded;
        _superseded = NewSignal();
        Current = new Reading(true, funds, _superseded.Task);
        superseded.SetResult();
    }

    private bool HasPassed(TimeSpan pause) => _time.GetElapsedTime(_readAt) >= pause;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was read, and a task that completes when a newer reading exists.</summary>
    public sealed record Reading(bool Known, ulong Funds, Task Superseded);
}
