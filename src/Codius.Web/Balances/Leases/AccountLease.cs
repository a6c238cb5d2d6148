using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances.Leases;

/// <summary>
/// What this gateway leases of one account, and the visits that wait for it. Visits spend the slice without a lock. At most one request to
/// the ledger is in flight; visits that find the slice used up meanwhile share the next one. Every request has one form: settle what was
/// used, return what is not needed, lease what visits wait for and what others will need soon.
/// </summary>
internal sealed class AccountLease
{
    private const long NoCap = -1;

    private readonly AccountId _account;
    private readonly LeaseContext _context;
    private readonly Lock _gate = new();
    private readonly WaitingVisits _waiting = new();
    private readonly RecentSpending _spending = new();
    private readonly FreeErrorBudget _errors;
    private readonly LeaseRequestLoop _requests;
    private volatile LeaseSlice _slice;
    private LeaseRequest? _unanswered;
    private long _requestedAt, _cap = NoCap, _beginsAfter;
    private ulong _funds, _price;
    private bool _giveBack, _settle, _renew, _closing, _retired, _isRepeat;

    public AccountLease(AccountId account, LeaseContext context)
    {
        (_account, _context) = (account, context);
        _errors = new FreeErrorBudget(context.FreeErrorsPerMinute, context.Gateways, context.Time);
        _slice = new LeaseSlice(context.Time);
        _requests = new LeaseRequestLoop(context, _gate, NextRequest, Apply, () => End(ReserveOutcome.Unavailable));
    }

    /// <summary>
    /// Reserves a price at once, or returns a waiter; false if this object was retired and the caller must use the account's new one.
    /// </summary>
    public bool TryReserve(ulong price, ulong? capPerHour, out Reservation? reserved, out LeaseWaiter? waiter)
    {
        waiter = null;
        var cap = CapOf(capPerHour);
        if (cap == Volatile.Read(ref _cap) && TryTake(price, out reserved)) return true;
        reserved = null;
        lock (_gate)
        {
            if (_retired) return false;
            if (cap != _cap)
            {
                // What was leased within another cap goes back, for the ledger to judge anew.
                Volatile.Write(ref _cap, cap);
                _slice.Block();
            }
            _price = price;
            if (TryTake(price, out reserved)) return true;
            waiter = _waiting.Add(price, _context.Time.GetTimestamp());
            _requests.Start();
            return true;
        }
    }

    /// <summary>A price was voided: a visit that waits may have it.</summary>
    public void Freed()
    {
        if (_waiting.IsEmpty) return;
        lock (_gate)
        {
            Serve();
            _requests.EndPause();
        }
    }

    public bool TryUseFreeError() => _errors.TryUse();

    /// <summary>Settles, and returns units that are not needed; true if the lease is retired because it holds nothing.</summary>
    public bool Tick()
    {
        lock (_gate)
        {
            _spending.Tick(_slice);
            if (_retired) return true;
            _settle = true;
            if (!_requests.IsIdle) return false;
            CommitLong();
            if (_unanswered is not null || HasToSettle())
            {
                _requests.Start();
                return false;
            }
            _settle = false;
            return _retired = _slice.Out == 0 && _waiting.IsEmpty && (_closing || _errors.IsUnused);
        }
    }

    /// <summary>Settles and returns everything at shutdown; open reservations are no longer covered.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        lock (_gate) _closing = true;
        while (!Tick())
        {
            Task requesting;
            lock (_gate) requesting = _requests.Running;
            await requesting.WaitAsync(cancellation);
            lock (_gate)
            {
                if (_unanswered is not null) return; // the store is gone; the lease expires there by itself
            }
        }
    }

    /// <summary>Drops what it holds: the store is not the one that granted it.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            if (_requests.IsIdle) _errors.Forget(_unanswered?.FreeErrors ?? 0);
            DropSlice();
        }
    }

    private static long CapOf(ulong? perHour) => perHour is { } units ? (long)Math.Min(units, long.MaxValue) : NoCap;

    private bool TryTake(ulong price, out Reservation? reserved)
    {
        reserved = null;
        var slice = _slice;
        if (!_waiting.IsEmpty || !slice.TryTake(price, out var isLow)) return false;
        if (isLow) Renew(slice);
        reserved = new LeasedReservation(this, slice, price, Volatile.Read(ref _funds));
        return true;
    }

    private void Renew(LeaseSlice slice)
    {
        lock (_gate)
        {
            if (slice != _slice) return;
            _renew = true;
            _requests.Start();
        }
    }

    private bool HasToSettle() =>
        !_slice.IsSettled || SlicePolicy.IsTooMuch(_slice.Free, Keep(), _price) || _errors.Unreported > 0
        || _slice.ForwardedUnits != _slice.ReportedForwarded
        // What lies idle: only with an answer this gateway sees that another one waits for it.
        || _slice.Free > 0
        || (_slice.Out > 0 && (_closing || _context.Time.GetElapsedTime(_slice.RenewedAt) > _context.Options.Lifetime / 3));

    /// <summary>Free units that stay at a settle.</summary>
    private ulong Keep() => _giveBack || _closing ? 0 : Target(_slice);

    /// <summary>Under a cap there are no units for few visits: the room in it is little, and others need it.</summary>
    private ulong Target(LeaseSlice slice) => _spending.Target(slice, _price, _cap == NoCap ? _funds : 0);

    private void CommitLong()
    {
        if (_slice.CommitLong() is var units and > 0) BalanceMetrics.DebitRequest(units);
    }

    /// <summary>Gives what is free to those who wait, in their order.</summary>
    private void Serve()
    {
        while (_waiting.First() is { } first && _slice.TryTake(first.Price, out var isLow))
        {
            if (isLow) Renew(_slice);
            _waiting.RemoveFirst();
            if (!first.TryEnd(new LeasedReservation(this, _slice, first.Price, _funds))) _slice.Release(first.Price);
        }
    }

    /// <summary>The next request; one whose answer was lost is repeated first, unchanged: the store may have received it.</summary>
    private LeaseRequest? NextRequest()
    {
        End(ReserveOutcome.Recalled,
            waiter => waiter.IsRequested && _context.Time.GetElapsedTime(waiter.Since) >= _context.Options.RecallWait);
        if (_unanswered is not null) return _unanswered;
        if (_closing) End(ReserveOutcome.Unavailable);
        // A tick passes over a lease that has a request in flight.
        CommitLong();
        Serve();
        _settle = _settle && HasToSettle();
        ulong wanted = 0, least = _price;
        if (_waiting.First() is { } first)
        {
            least = first.Price;
            wanted = _context.Outstanding.Reserve(_waiting.Request(), least);
            if (wanted == 0) End(ReserveOutcome.Unavailable);
        }
        var target = Keep();
        // Who waits finds less free than a price, or what may not be spent: all of it goes back, and the ledger grants from the whole.
        if (wanted > 0 || _closing || (_settle && _slice.HasVoids)) _slice.TakeBack(0);
        else if (_settle) _slice.TakeBack(target);
        var free = _slice.Free;
        var ahead = target > free && (wanted > 0 || _settle || _renew) ? _context.Outstanding.ReserveAhead(target - free) : 0;
        if (wanted == 0 && ahead == 0 && !_settle) return null;
        if (_closing) _slice.Abandon();
        _settle = _renew = false;
        // Of a request that is repeated, the first time counts: if the store received that one, the lease lives from then on.
        _requestedAt = _context.Time.GetTimestamp();
        return _unanswered = _slice.Request(new LeaseRequest(
            _account, _slice.Id ?? _context.StoreTime.NewLeaseId(_beginsAfter), 0, 0, wanted, least, Lifetime: _context.Options.Lifetime,
            CapPerHour: _cap == NoCap ? null : (ulong)_cap, Ahead: ahead, FreeErrors: _errors.Unreported));
    }

    /// <summary>Applies the result; true if the remaining visits should wait a little before the next request.</summary>
    private bool Apply(LeaseRequest request, LeaseResult result)
    {
        var slice = _slice;
        if (result.Outcome == LeaseOutcome.Unavailable)
        {
            _isRepeat = true;
            // Dropped meanwhile: it is not repeated.
            if (request.LeaseId != slice.Id) _errors.Forget(request.FreeErrors);
            End(ReserveOutcome.Unavailable);
            return false;
        }
        _context.StoreTime.Learn(result.Now);
        _beginsAfter = result.StoreTime > result.Now ? result.StoreTime : 0;
        // A lease that never began, as the only time it was requested it was too late for that: its errors are not in the ledger.
        var neverBegan = result.Outcome == LeaseOutcome.Swept && request.Sequence == 1 && !_isRepeat;
        _isRepeat = false;
        if (result.ErrorsCounted && !neverBegan)
            _errors.Counted(request.FreeErrors, result.ErrorsUsed, TimeSpan.FromMilliseconds(result.MinuteEndsIn));
        if (request.LeaseId != slice.Id) return false; // dropped meanwhile; what was granted expires in the store
        Volatile.Write(ref _funds, result.Funds);
        (_giveBack, _renew) = (result.GiveBack, false);
        if (result.Outcome == LeaseOutcome.Swept)
        {
            DropSlice();
            return false;
        }
        _unanswered = null;
        var before = slice.Out + request.Wanted + request.Ahead;
        slice.Answered(request, result.Granted, _requestedAt);
        _context.Outstanding.Replace(before, slice.Out);
        if (_giveBack || _closing || CapOf(request.CapPerHour) != _cap) slice.Block();
        else slice.Open(_context.Options.Lifetime, Target(slice), _cap != NoCap);
        Serve();
        // The store has deleted a lease with nothing left in it.
        if (result.Granted == request.Used) ReplaceSlice();
        if (result.Outcome is LeaseOutcome.NotEnough or LeaseOutcome.Capped)
            End(result.Outcome == LeaseOutcome.Capped ? ReserveOutcome.Capped : ReserveOutcome.NotEnough,
                waiter => waiter.IsRequested && waiter.Price >= request.Least, result.RetryAfter);
        // Another gateway waits for it: not a second later.
        if (_giveBack && _slice.Free > 0) _settle = true;
        return result.Outcome == LeaseOutcome.Recalled;
    }

    private void DropSlice()
    {
        // Also what a request without an answer wants; one in flight finds another slice when it comes back.
        _context.Outstanding.Replace(_slice.Out + (_unanswered?.Wanted ?? 0) + (_unanswered?.Ahead ?? 0), 0);
        var (taken, used) = (_slice.Taken, _slice.Used);
        if (used > _slice.Settled || taken > used) _context.LogLost(_account, used - _slice.Settled, taken - Math.Min(taken, used));
        _unanswered = null;
        ReplaceSlice();
    }

    private void ReplaceSlice()
    {
        _slice.Block();
        _spending.Ended(_slice);
        _slice = new LeaseSlice(_context.Time);
    }

    private void End(ReserveOutcome outcome, Func<LeaseWaiter, bool>? which = null, int retryAfter = 0)
    {
        if (!_waiting.IsEmpty) _waiting.End(new UnleasedReservation(outcome, _funds, retryAfter), which);
    }
}
