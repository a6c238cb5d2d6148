namespace Codius.Web.SimulationTests.Checks;

/// <summary>What the account was paid and has spent, as the simulation counts it by itself: by MONEY's rules, not by the scripts.</summary>
internal sealed class Books
{
    private readonly HashSet<int> _packets = [];
    private readonly Dictionary<int, ulong> _receipts = [];
    private readonly Dictionary<int, ulong> _wallets = [];
    private readonly HashSet<string> _changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _unmarked = [], _unmarkedAfterEnd = [];
    private readonly Dictionary<string, long> _bookings = [];
    private readonly Dictionary<int, (ulong Received, bool IsCompleted)> _incoming = [];
    private long? _changesEnd;
    private ulong _paid;
    private readonly List<(long At, ulong Units)> _requests = [];

    public ulong Credited => _paid - Ended;

    /// <summary>Units that were credited to accounts of this id that have ended.</summary>
    public ulong Ended { get; private set; }

    /// <summary>True once it was paid enough to have no end.</summary>
    public bool IsKeptForGood { get; set; }

    /// <summary>True if the store has crashed before it gave dust its end.</summary>
    public bool MayLackEnd { get; set; }

    /// <summary>Units that wakes have paid and may get back.</summary>
    public ulong Wake { get; set; }

    /// <summary>Units of running time, without what was given back.</summary>
    public ulong Ran { get; set; }

    public int Wakes { get; set; }

    /// <summary>What was booked by the end of each hour.</summary>
    public BookHours Hours { get; private init; } = new();

    public long? RunningSince { get; set; }

    public Books()
    {
    }

    private Books(Books other)
    {
        (_packets, _receipts, _wallets) = ([.. other._packets], new(other._receipts), new(other._wallets));
        (_unmarked, _unmarkedAfterEnd, _bookings) = (new(other._unmarked), new(other._unmarkedAfterEnd), new(other._bookings));
        (_incoming, MayLackEnd) = (new(other._incoming), other.MayLackEnd);
        (_changes, _requests) = (new(other._changes, StringComparer.Ordinal), [.. other._requests]);
        (_paid, Wake, Ran, Wakes, RunningSince) = (other._paid, other.Wake, other.Ran, other.Wakes, other.RunningSince);
        (Ended, IsKeptForGood, _changesEnd, Hours) = (other.Ended, other.IsKeptForGood, other._changesEnd, other.Hours.Clone());
    }

    public Books Clone() => new(this);

    /// <summary>A packet reaches the store: the units that it must credit.</summary>
    public ulong Packet(int id, ulong amount, bool inTime) => Credit(inTime && _packets.Add(id) ? amount : 0);

    /// <summary>One of a connection does, whose receipt has its total with those that are posted.</summary>
    public ulong PacketOfConnection(int id, ulong amount, bool inTime, int stream)
    {
        var units = Packet(id, amount, inTime);
        _receipts[stream] = _receipts.GetValueOrDefault(stream) + units;
        return units;
    }

    /// <summary>The name of a receipt.</summary>
    public static string NameOf(int stream) => $"receipt {stream}";

    /// <summary>True if this may be the total of a receipt: it lacks no more than what a crash has kept from being marked.</summary>
    public bool MayHaveTotal(int stream, ulong total) =>
        _receipts.GetValueOrDefault(stream) is var known && total <= known && known - total <= MayCountAgain(NameOf(stream));

    /// <summary>One of an incoming payment does, which takes no more than its amount.</summary>
    public ulong PacketOfPayment(int id, ulong amount, bool inTime, int payment, ulong most)
    {
        var (received, isCompleted) = _incoming.GetValueOrDefault(payment);
        if (isCompleted || amount > most - received || Packet(id, amount, inTime) == 0) return 0;
        _incoming[payment] = (received + amount, received + amount == most);
        return amount;
    }

    /// <summary>An incoming payment is completed, if something was paid on it.</summary>
    public void CompletePayment(int payment)
    {
        if (_incoming.TryGetValue(payment, out var known)) _incoming[payment] = known with { IsCompleted = true };
    }

    /// <summary>A receipt does.</summary>
    public ulong Receipt(int stream, ulong total) => Total(_receipts, stream, total);

    /// <summary>What the receiving wallet says does.</summary>
    public ulong Wallet(int payment, ulong total) => Total(_wallets, payment, total);

    /// <summary>What was counted of a payment at the receiving wallet.</summary>
    public ulong WalletTotal(int payment) => _wallets.GetValueOrDefault(payment);

    /// <summary>A writer's booking of what a connector owes does; each writer numbers its own.</summary>
    public ulong Booking(string writer, long sequence, ulong amount)
    {
        if (sequence <= _bookings.GetValueOrDefault(writer)) return 0;
        _bookings[writer] = sequence;
        return Credit(amount);
    }

    /// <summary>The store has crashed after it credited these units: they may lack what shows that they were counted.</summary>
    /// <param name="id">The payment.</param>
    /// <param name="units">The units.</param>
    /// <param name="isMarkedLater">False if that was written with the money: only an end of the account loses it.</param>
    public void LackMark(string id, ulong units, bool isMarkedLater)
    {
        var unmarked = isMarkedLater ? _unmarked : _unmarkedAfterEnd;
        unmarked[id] = unmarked.GetValueOrDefault(id) + units;
    }

    /// <summary>Units of a payment that may be credited again, at the host's cost.</summary>
    public ulong MayCountAgain(string id) => _unmarked.GetValueOrDefault(id);

    /// <summary>Units were credited again; false if they may not be.</summary>
    public bool CountAgain(string id, ulong units)
    {
        if (units > MayCountAgain(id)) return false;
        if (units > 0) _unmarked[id] -= Credit(units);
        return true;
    }

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
        IsKeptForGood = MayLackEnd = false;
        foreach (var (id, unmarked) in _unmarkedAfterEnd) LackMark(id, unmarked, isMarkedLater: true);
        _unmarkedAfterEnd.Clear();
        Hours.Clear();
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
