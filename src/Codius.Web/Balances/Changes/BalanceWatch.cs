using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.Changes;

/// <summary>
/// Knows the funds of one account while it has watchers. It reads them when a hint comes, and when they are two seconds old, in case one
/// was left out; ten seconds old when nothing has changed for as long. What visits of this gateway leave is in the answers that it has
/// anyway. So neither a busy account nor one that rests is read much.
/// </summary>
internal sealed class BalanceWatch : IDisposable
{
    /// <summary>How soon one reading follows another; <see cref="Tick"/> is called as often.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    // Other gateways publish what their visits spend every four seconds: an account that they spend never rests.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2), LongestPauseAtRest = TimeSpan.FromSeconds(10);

    private readonly AccountId _account;
    private readonly IBalanceLedger _ledger;
    private readonly SupervisedWork _work;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly IDisposable _hints;
    private readonly Lock _gate = new();
    private bool _isReading, _isHinted;
    private ulong? _told;
    private long _readAt, _changedAt, _knownAt;
    private TaskCompletionSource _superseded = NewSignal();

    public BalanceWatch(AccountId account, IBalanceLedger ledger, BalanceHints hints, SupervisedWork work, TimeProvider time)
    {
        (_account, _ledger, _work, _time, _ended) = (account, ledger, work, time, _ending.Token);
        Current = new Reading(false, 0, _superseded.Task);
        _changedAt = time.GetTimestamp();
        BeginReading();
        // Subscribes before it reads: a change in between is reported twice rather than never.
        _hints = hints.Listen(account, Hint, Told);
        Read();
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
            var rests = _time.GetElapsedTime(_changedAt) >= LongestPauseAtRest;
            if (!_isHinted && _told is { } funds)
            {
                Publish(funds);
                return;
            }
            if (!_isHinted && !HasPassed(rests ? LongestPauseAtRest : LongestPause)) return;
            BeginReading();
        }
        Read();
    }

    public void Dispose()
    {
        _hints.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    private void Hint()
    {
        lock (_gate)
        {
            (_isHinted, _changedAt) = (true, _time.GetTimestamp());
            if (_isReading || !HasPassed(ShortestPause)) return;
            BeginReading();
        }
        Read();
    }

    /// <summary>The store has said what the funds are, to who asked it at a time.</summary>
    private void Told(ulong funds, long askedAt)
    {
        lock (_gate)
        {
            // Asked before what is known came, or while it is read: it may be older or newer, and a reading says.
            if (_isReading || askedAt < _knownAt) _isHinted = true;
            else if (!_isHinted && HasPassed(ShortestPause)) Publish(funds);
            else _told = funds;
            _changedAt = _knownAt = _time.GetTimestamp();
        }
    }

    private void BeginReading() => (_isReading, _isHinted, _told, _readAt) = (true, false, null, _time.GetTimestamp());

    private void Read() => _ = _work.TryAsync(ReadAsync, _ended);

    private async Task ReadAsync()
    {
        ulong? funds = null;
        try
        {
            funds = (await _ledger.ReadAsync(_account, _ended))?.Funds ?? 0;
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
                if (funds is { } read)
                {
                    Publish(read);
                    _knownAt = _readAt;
                }
                else
                {
                    // Again soon, also if the account was at rest.
                    _changedAt = _time.GetTimestamp();
                }
            }
        }
    }

    private void Publish(ulong funds)
    {
        (_told, _readAt) = (null, _time.GetTimestamp());
        if (Current is { Known: true } last && last.Funds == funds) return;
        _changedAt = _readAt;
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
