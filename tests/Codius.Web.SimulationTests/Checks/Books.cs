namespace Codius.Web.SimulationTests.Checks;

/// <summary>What the account was paid and has spent, as the simulation counts it by itself: by MONEY's rules, not by the scripts.</summary>
internal sealed class Books
{
    private readonly HashSet<int> _packets = [];
    private readonly Dictionary<int, ulong> _receipts = [];
    private readonly Dictionary<int, ulong> _wallets = [];
    private readonly HashSet<string> _changes = new(StringComparer.Ordinal);
    private long? _changesEnd;
    private ulong _paid;
    private readonly List<(long At, ulong Units)> _requests = [];

    public ulong Credited => _paid - Ended;

    /// <summary>Units that were credited to accounts of this id that have ended.</summary>
    public ulong Ended { get; private set; }

    /// <summary>True once it was paid enough to have no end.</summary>
    public bool IsKeptForGood { get; set; }

    /// <summary>Units that wakes have paid and may get back.</summary>
    public ulong Wake { get; set; }

    /// <summary>Units of running time, without what was given back.</summary>
    public ulong Ran { get; set; }

    public int Wakes { get; set; }

    public long? RunningSince { get; set; }

    public Books()
    {
    }

    private Books(Books other)
    {
        (_packets, _receipts, _wallets) = ([.. other._packets], new(other._receipts), new(other._wallets));
        (_changes, _requests) = (new(other._changes, StringComparer.Ordinal), [.. other._requests]);
        (_paid, Wake, Ran, Wakes, RunningSince) = (other._paid, other.Wake, other.Ran, other.Wakes, other.RunningSince);
        (Ended, IsKeptForGood, _changesEnd) = (other.Ended, other.IsKeptForGood, other._changesEnd);
    }

    public Books Clone() => new(this);

    /// <summary>A packet reaches the store: the units that it must credit.</summary>
    public ulong Packet(int id, ulong amount, bool inTime) => Credit(inTime && _packets.Add(id) ? amount : 0);

    /// <summary>A receipt does.</summary>
    public ulong Receipt(int stream, ulong total) => Total(_receipts, stream, total);

    /// <summary>What the receiving wallet says does.</summary>
    public ulong Wallet(int payment, ulong total) => Total(_wallets, payment, total);

    public void Adjust(ulong amount) => Credit(amount);

    /// <summary>True if a change with this id is the first, or those before it are forgotten.</summary>
    public bool IsNew(string id, long now)
    {
        if (_changesEnd <= now) _changes.Clear();
        return !_changes.Contains(id);
    }

    /// <summary>The changes of dust are forgotten some time after the last of them, whenever the account ends.</summary>
    public void Add(string id, long now)
    {
        _changes.Add(id);
        _changesEnd = IsKeptForGood ? null : now + Dust.KeptMost;
    }

    /// <summary>The account has ended with all that was credited to it; payments of before do not count again.</summary>
    public void End(ulong units)
    {
        Ended += units;
        IsKeptForGood = false;
        ForgetLimits();
    }

    /// <summary>The account has lost what it knew of its time and its hour; dust is really kept for longer than that.</summary>
    public void ForgetLimits()
    {
        Wake = 0;
        _requests.Clear();
    }

    /// <summary>Requests were charged; returns all that was within the last hour.</summary>
    public ulong Charge(long at, ulong units)
    {
        _requests.Add((at, units));
        return _requests.Where(request => request.At > at - 3_600_000).Aggregate(0UL, (sum, request) => sum + request.Units);
    }

    private ulong Total(Dictionary<int, ulong> totals, int id, ulong total)
    {
        var known = totals.GetValueOrDefault(id);
        if (total <= known) return 0;
        totals[id] = total;
        return Credit(total - known);
    }

    private ulong Credit(ulong amount)
    {
        _paid += amount;
        return amount;
    }
}
