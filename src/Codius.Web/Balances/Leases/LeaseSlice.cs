using System.Runtime.InteropServices;

namespace Codius.Web.Balances.Leases;

/// <summary>
/// The gateway's view of one lease. Visits move units between free, open and used by single atomic steps, without a lock; what is open is
/// not stored: <c>Held = Used + open + Free</c>. A reservation belongs to the slice it was made in: when a slice is dropped, its
/// reservations are dropped too.
/// </summary>
internal sealed class LeaseSlice(TimeProvider time)
{
    private readonly ForwardedReservations _forwarded = new(time.TimestampFrequency);
    private long _spendUntil = long.MinValue;
    private long _lowWater;
    private volatile bool _isCapped;
    private int _voids, _voidsReturned;
    private Counters _units;

    // Guarded by the lock of the AccountLease, as are all that have a setter.

    /// <summary>The id of its lease; null before the first request.</summary>
    public string? Id { get; private set; }

    /// <summary>Sequence of the last request made for it.</summary>
    public long Sequence { get; private set; }

    /// <summary>Units granted in total, by the store's last answer.</summary>
    public ulong Granted { get; private set; }

    /// <summary>What is left of them for this gateway: what a request returns is not there from before it is sent.</summary>
    public ulong Held { get; private set; }

    /// <summary>How much of <see cref="Used"/> is settled in the store.</summary>
    public ulong Settled { get; private set; }

    /// <summary>How many of <see cref="ForwardedUnits"/> the store knows of.</summary>
    public ulong ReportedForwarded { get; private set; }

    /// <summary>When it was last renewed: by this process' own clock, taken before the request was sent.</summary>
    public long RenewedAt { get; private set; }

    /// <summary>Units of committed reservations.</summary>
    public ulong Used => (ulong)Volatile.Read(ref _units.Used);

    /// <summary>
    /// What can be reserved without a request; 0 if the store granted less than this gateway assumed (a restored backup).
    /// </summary>
    public ulong Free => (ulong)Math.Max(0, Volatile.Read(ref _units.Free));

    /// <summary>Units that visits have reserved, used or not.</summary>
    public ulong Taken => Less(Held, Free);

    /// <summary>Units that no recall can bring back.</summary>
    public ulong ForwardedUnits => _forwarded.Units;

    /// <summary>What the store counts as leased to it.</summary>
    public ulong Out => Less(Granted, Settled);

    public bool IsSettled => Used == Settled;

    /// <summary>Holds prices voided within an owner's cap: no visit may have them before the ledger has judged them anew.</summary>
    public bool HasVoids => Volatile.Read(ref _voids) != _voidsReturned;

    /// <summary>Reserves a price if it may be spent now.</summary>
    /// <param name="price">Units.</param>
    /// <param name="isLow">True for the one caller that is to start the renewal.</param>
    public bool TryTake(ulong price, out bool isLow)
    {
        isLow = false;
        if (time.GetTimestamp() >= Volatile.Read(ref _spendUntil)) return false;
        for (var free = Volatile.Read(ref _units.Free); free >= 0 && (ulong)free >= price;)
        {
            var seen = Interlocked.CompareExchange(ref _units.Free, free - (long)price, free);
            if (seen == free)
            {
                var low = Volatile.Read(ref _lowWater);
                isLow = free - (long)price < low && Interlocked.CompareExchange(ref _lowWater, 0, low) == low;
                return true;
            }
            free = seen;
        }
        return false;
    }

    /// <summary>A reserved price is spent.</summary>
    public void Use(ulong price) => Interlocked.Add(ref _units.Used, (long)price);

    /// <summary>
    /// A reserved price is free again. Within an owner's cap the ledger judges it anew: a preflight's price is voided, and counts all the
    /// same if it woke the app.
    /// </summary>
    public void Release(ulong price)
    {
        if (!_isCapped)
        {
            Interlocked.Add(ref _units.Free, (long)price);
            return;
        }
        // Counted before and after: a request that returns what is free meanwhile, without this price, does not see it as returned.
        Interlocked.Increment(ref _voids);
        Block();
        Interlocked.Add(ref _units.Free, (long)price);
        Interlocked.Increment(ref _voids);
    }

    /// <summary>An app has the request of a reserved price.</summary>
    public ForwardedSecond Forward(ulong price) => _forwarded.Add(price, time.GetTimestamp());

    /// <summary>Commits what apps have had for too long to be recalled or given back; returns the units.</summary>
    public ulong CommitLong()
    {
        var units = _forwarded.Close(time.GetTimestamp() - Timestamps(LeaseContext.CommitAfter));
        Use(units);
        return units;
    }

    /// <summary>Nothing more is reserved in it until <see cref="Answered"/>.</summary>
    public void Block()
    {
        Volatile.Write(ref _spendUntil, long.MinValue);
        Volatile.Write(ref _lowWater, 0);
    }

    /// <summary>Takes free units beyond these out of it, for a request that returns them.</summary>
    public ulong TakeBack(ulong keep)
    {
        if (keep == 0) _voidsReturned = Volatile.Read(ref _voids);
        for (var free = Volatile.Read(ref _units.Free); free > 0 && (ulong)free > keep;)
        {
            var seen = Interlocked.CompareExchange(ref _units.Free, (long)keep, free);
            if (seen == free)
            {
                Held -= (ulong)free - keep;
                return (ulong)free - keep;
            }
            free = seen;
        }
        return 0;
    }

    /// <summary>
    /// Fills in a request: what was used by now, and what the store is to leave in the lease. Visits go on meanwhile, but of what is kept:
    /// what they use from here on is part of <see cref="LeaseRequest.Kept"/>.
    /// </summary>
    public LeaseRequest Request(LeaseRequest request)
    {
        var used = Used; // before what is forwarded: a price is never counted in both
        var forwarded = ForwardedUnits;
        Id = request.LeaseId;
        return request with
        {
            Sequence = ++Sequence,
            Used = used,
            Kept = Less(Held, used),
            Return = true,
            Free = Free,
            Forwarded = Math.Min(forwarded, Less(Held, used)),
        };
    }

    /// <summary>Open reservations are no longer covered: all that is not used goes back with the next request.</summary>
    public void Abandon()
    {
        Block();
        Held = Math.Min(Held, Used);
    }

    /// <summary>The store has answered a request that was first sent at <paramref name="requestedAt"/>.</summary>
    public void Answered(LeaseRequest request, ulong granted, long requestedAt)
    {
        // Less than nothing, if the store was restored from a backup.
        Interlocked.Add(ref _units.Free, (long)(granted - Held));
        (Granted, Held, Settled, ReportedForwarded, RenewedAt) = (granted, granted, request.Used, request.Forwarded, requestedAt);
    }

    /// <summary>Allows visits to spend it until shortly before its end.</summary>
    public void Open(TimeSpan lifetime, ulong target, bool isCapped = false)
    {
        _isCapped = isCapped;
        Volatile.Write(ref _lowWater, (long)SlicePolicy.LowWater(target, Free));
        Interlocked.Exchange(ref _spendUntil, RenewedAt + Timestamps(lifetime - LeaseContext.Margin));
        // Voided since a request returned what was free: this look comes after the write, as the block of a void comes after its count.
        if (isCapped && HasVoids) Block();
    }

    private static ulong Less(ulong all, ulong part) => all > part ? all - part : 0;

    private long Timestamps(TimeSpan span) => (long)((Int128)span.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <summary>On cache lines of their own: cores that reserve do not wait for cores that commit.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 320)]
    private struct Counters
    {
        [FieldOffset(64)]
        public long Free;

        [FieldOffset(192)]
        public long Used;
    }
}
