using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances.Leases;

/// <summary>
/// What this gateway leases of one account, and the visits that wait for it. At most one request to the ledger is in flight; visits
/// that come meanwhile share the next one, so a hundred visitors cost a few scripts. Every request has one form: settle what was
/// used, return what is free, request what visits wait for.
/// </summary>
internal sealed class AccountLease(AccountId account, LeaseContext context)
{
    private static readonly TimeSpan RetryRecall = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<LeaseWaiter> _waiting = new();
    private LeaseSlice _slice = new();
    private LeaseRequest? _unanswered;
    private long _requestedAt;
    private TaskCompletionSource _freed = NewSignal();
    private Task _requesting = Task.CompletedTask;
    private ulong _funds;
    private ulong? _capPerHour;
    private bool _giveBack, _settle, _retired;

    /// <summary>
    /// Reserves a price at once, or returns a waiter; false if this object was retired and the caller must use the account's new one.
    /// </summary>
    public bool TryReserve(ulong price, ulong? capPerHour, out Reservation? reserved, out LeaseWaiter? waiter)
    {
        reserved = null;
        waiter = null;
        lock (_gate)
        {
            if (_retired) return false;
            _capPerHour = capPerHour;
            // Within a cap the ledger judges each price: what a visit here has voided, one elsewhere may have spent.
            if (_waiting.Count == 0 && capPerHour is null && CanReserve(price))
            {
                reserved = Reserve(price);
                return true;
            }
            waiter = new LeaseWaiter(price, context.Time.GetTimestamp());
            _waiting.Enqueue(waiter);
            StartRequesting();
            return true;
        }
    }

    public void Forward(LeasedReservation reservation)
    {
        lock (_gate)
        {
            if (reservation.State != ReservationState.Open) return;
            (reservation.State, reservation.ForwardedAt) = (ReservationState.Forwarded, context.Time.GetTimestamp());
            reservation.Slice.Forwarded.Add(reservation);
        }
    }

    public void Retract(LeasedReservation reservation)
    {
        lock (_gate)
        {
            if (reservation.State != ReservationState.Forwarded) return;
            reservation.State = ReservationState.Open;
            reservation.Slice.Forwarded.Remove(reservation);
        }
    }

    public void Commit(LeasedReservation reservation)
    {
        lock (_gate)
        {
            if (!TryEnd(reservation, ReservationState.Committed)) return;
        }
        BalanceMetrics.Debit(reservation.Price, "requests");
    }

    public void Void(LeasedReservation reservation)
    {
        lock (_gate)
        {
            if (TryEnd(reservation, ReservationState.Voided)) _freed.TrySetResult();
        }
    }

    public bool IsCommitted(LeasedReservation reservation)
    {
        lock (_gate) return reservation.State == ReservationState.Committed;
    }

    /// <summary>Settles and returns units if there are any; true if the lease is retired because it holds nothing.</summary>
    public bool Tick()
    {
        lock (_gate)
        {
            if (!_requesting.IsCompleted) return false;
            if (_retired) return true;
            CommitLong();
            var old = context.Time.GetElapsedTime(_slice.RenewedAt) > context.Options.Lifetime / 3;
            if (_unanswered is not null || _slice.Used != _slice.Settled || _slice.Free > 0
                || _slice.ForwardedUnits != _slice.ReportedForwarded || (_slice.Out > 0 && old))
            {
                _settle = true;
                StartRequesting();
                return false;
            }
            return _retired = _slice.Out == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>Settles and returns everything at shutdown; open reservations are no longer covered.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        while (!Tick())
        {
            Task requesting;
            lock (_gate)
            {
                _slice.Open = 0;
                requesting = _requesting;
            }
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
        lock (_gate) DropSlice();
    }

    private bool CanReserve(ulong price) =>
        !_giveBack && _unanswered is null && _slice.Free >= price
        && context.Time.GetElapsedTime(_slice.RenewedAt) < context.Options.Lifetime - LeaseContext.Margin;

    /// <summary>The first call that ends a reservation counts.</summary>
    private static bool TryEnd(LeasedReservation reservation, ReservationState end)
    {
        if (reservation.State is ReservationState.Committed or ReservationState.Voided) return false;
        var slice = reservation.Slice;
        if (reservation.State == ReservationState.Forwarded) slice.Forwarded.Remove(reservation);
        reservation.State = end;
        slice.Open -= Math.Min(slice.Open, reservation.Price); // CloseAsync has set Open to 0
        if (end == ReservationState.Committed) slice.Used += reservation.Price;
        return true;
    }

    /// <summary>Commits what apps have had for too long to be recalled or given back.</summary>
    private void CommitLong()
    {
        while (_slice.Forwarded.First is { } first && context.Time.GetElapsedTime(first.ForwardedAt) >= LeaseContext.CommitAfter)
        {
            TryEnd(first, ReservationState.Committed);
            BalanceMetrics.Debit(first.Price, "requests");
        }
    }

    private LeasedReservation Reserve(ulong price)
    {
        _slice.Open += price;
        return new LeasedReservation(this, _slice, price, _funds);
    }

    private void StartRequesting()
    {
        if (_requesting.IsCompleted) _requesting = context.Start(() => context.Requesting.TryAsync(RequestAsync));
    }

    private async Task RequestAsync()
    {
        try
        {
            await RequestUntilIdleAsync();
        }
        catch
        {
            // Unexpected. Waiting visits are answered; the next tick or visit repeats the request with the same sequence number, so it
            // does not matter whether the store received it. A gateway that crashes before: what it has used since the last settle is
            // the host's loss, never more than the slice.
            lock (_gate)
            {
                EndAll(ReserveOutcome.Unavailable);
                _requesting = Task.CompletedTask;
            }
            throw;
        }
    }

    private async Task RequestUntilIdleAsync()
    {
        while (true)
        {
            LeaseRequest request;
            LeaseSlice slice;
            TaskCompletionSource freed;
            lock (_gate)
            {
                EndLateWaiters();
                if (NextRequest() is not { } next)
                {
                    // Set under the lock: a visit that comes after this starts the next request itself.
                    _requesting = Task.CompletedTask;
                    return;
                }
                request = next;
                slice = _slice;
                if (_freed.Task.IsCompleted) _freed = NewSignal();
                freed = _freed;
            }
            // Not cancelled when a client leaves: others wait for the same answer.
            var result = await context.Ledger.LeaseAsync(request, CancellationToken.None);
            bool wait;
            lock (_gate)
            {
                wait = Apply(slice, request, result);
                if (result.Outcome == LeaseOutcome.Unavailable)
                {
                    _requesting = Task.CompletedTask;
                    return;
                }
            }
            if (!wait) continue;
            await using var retry = context.Time.CreateTimer(
                static freed => ((TaskCompletionSource)freed!).TrySetResult(), freed, RetryRecall, Timeout.InfiniteTimeSpan);
            await freed.Task;
        }
    }

    /// <summary>The next request; one whose answer was lost is repeated first, unchanged: the store may have received it.</summary>
    private LeaseRequest? NextRequest()
    {
        if (_unanswered is not null) return _unanswered;
        // A tick passes over a lease that always has a request in flight.
        CommitLong();
        while (_waiting.TryPeek(out var left) && left.IsDone) _waiting.Dequeue();
        ulong wanted = 0, least = 0;
        if (_waiting.TryPeek(out var first))
        {
            foreach (var waiter in _waiting.Where(waiter => !waiter.IsDone && waiter.Price <= Hosting.Asset.MaxAmount - wanted))
            {
                wanted += waiter.Price;
                waiter.IsRequested = true;
            }
            least = first.Price;
            wanted = context.Outstanding.Reserve(SlicePolicy.Wanted(wanted), least);
            if (wanted == 0) EndAll(ReserveOutcome.Unavailable);
        }
        if (wanted == 0 && !_settle) return null;
        _settle = false;
        // Of a request that is repeated, the first time counts: if the store received that one, the lease lives from then on.
        _requestedAt = context.Time.GetTimestamp();
        return _unanswered = new LeaseRequest(
            account, _slice.Id, ++_slice.Sequence, _slice.Used, wanted, least, _slice.Open, Return: true, context.Options.Lifetime,
            _slice.ForwardedUnits, _capPerHour);
    }

    /// <summary>Applies the result; true if the remaining visits should wait a little before the next request.</summary>
    private bool Apply(LeaseSlice slice, LeaseRequest request, LeaseResult result)
    {
        if (result.Outcome == LeaseOutcome.Unavailable)
        {
            EndAll(ReserveOutcome.Unavailable);
            return false;
        }
        if (slice != _slice) return false; // dropped meanwhile; what was granted expires in the store
        _unanswered = null;
        _funds = result.Funds;
        _giveBack = result.GiveBack;
        var before = slice.Out + request.Wanted;
        if (result.Outcome == LeaseOutcome.Swept)
        {
            context.Outstanding.Replace(request.Wanted, 0);
            DropSlice();
            return false;
        }
        slice.Granted = result.Granted;
        slice.Settled = request.Used;
        slice.ReportedForwarded = request.Forwarded;
        slice.RenewedAt = _requestedAt;
        context.Outstanding.Replace(before, slice.Out);
        while (_waiting.TryPeek(out var waiter) && (waiter.IsDone || CanReserve(waiter.Price)))
        {
            _waiting.Dequeue();
            if (waiter.IsDone) continue;
            var reservation = Reserve(waiter.Price);
            if (!waiter.TryEnd(reservation)) reservation.Void();
        }
        // The store has deleted a lease with nothing left in it.
        if (result.Granted == request.Used) _slice = new LeaseSlice();
        if (result.Outcome == LeaseOutcome.NotEnough)
            EndAll(ReserveOutcome.NotEnough, waiter => waiter.IsRequested && waiter.Price >= request.Least);
        if (result.Outcome == LeaseOutcome.Capped)
            EndAll(ReserveOutcome.Capped, waiter => waiter.IsRequested && waiter.Price >= request.Least, result.RetryAfter);
        return result.Outcome == LeaseOutcome.Recalled;
    }

    private void DropSlice()
    {
        // Also what a request without an answer wants; one in flight finds another slice when it comes back.
        context.Outstanding.Replace(_slice.Out + (_unanswered?.Wanted ?? 0), 0);
        if (_slice.Used > _slice.Settled || _slice.Open > 0) context.LogLost(account, _slice.Used - _slice.Settled, _slice.Open);
        _slice = new LeaseSlice();
        _unanswered = null;
    }

    private void EndLateWaiters() =>
        EndAll(ReserveOutcome.Recalled, waiter =>
            waiter.IsRequested && context.Time.GetElapsedTime(waiter.Since) >= context.Options.RecallWait);

    private void EndAll(ReserveOutcome outcome, Func<LeaseWaiter, bool>? which = null, int retryAfter = 0)
    {
        for (var rounds = _waiting.Count; rounds > 0; rounds--)
        {
            var waiter = _waiting.Dequeue();
            if (which?.Invoke(waiter) ?? true) waiter.TryEnd(new UnleasedReservation(outcome, _funds, retryAfter));
            else _waiting.Enqueue(waiter);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
