using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances;

/// <summary>The ledger as MONEY describes it, in memory and without Redis: the reference for random operations.</summary>
internal sealed class LedgerModel
{
    private readonly Dictionary<string, CreditResult> _packets = [];
    private readonly Dictionary<(int Nonce, int Stream), ulong> _receipts = [];
    private readonly Dictionary<string, Lease> _leases = [];
    private readonly Dictionary<string, long> _ended = [];
    private readonly HashSet<string> _history = [];
    private string? _recallBy;
    private ulong _wake;

    public ulong Credited { get; private set; }

    public ulong Available { get; private set; }

    public ulong Spent { get; private set; }

    public ulong Leased => _leases.Values.Aggregate(0UL, (sum, lease) => sum + lease.Granted - lease.Used);

    private bool Exists { get; set; }

    private ulong Forwarded => _leases.Values.Aggregate(0UL, (sum, lease) => sum + lease.Forwarded);

    private ulong Funds => Available + Leased - Forwarded;

    public Balance? Balance => Exists ? new Balance(Credited, Available, Spent, Leased, Forwarded) : null;

    public CreditResult Packet(string id, ulong amount)
    {
        if (_packets.ContainsKey(id)) return new CreditResult(CreditOutcome.AlreadyCounted, 0, Funds);
        if (Credit(amount) is { } refused) return refused;
        return _packets[id] = new CreditResult(CreditOutcome.Credited, amount, Funds);
    }

    public CreditResult Receipt(int nonce, int stream, ulong total)
    {
        var known = _receipts.GetValueOrDefault((nonce, stream));
        if (total <= known) return new CreditResult(CreditOutcome.AlreadyCounted, 0, Funds, 0, known);
        if (Credit(total - known) is { } refused) return refused with { ReceiptTotal = known };
        _receipts[(nonce, stream)] = total;
        return new CreditResult(CreditOutcome.Credited, total - known, Funds, 0, total);
    }

    public SpendResult Spend(ulong amount, string id)
    {
        if (!Exists) return new SpendResult(SpendOutcome.NoAccount);
        if (_history.Contains(id)) return new SpendResult(SpendOutcome.Repeated, Funds);
        if (amount > Available)
        {
            if (amount <= Funds) _recallBy = "";
            return new SpendResult(amount <= Funds ? SpendOutcome.Recalled : SpendOutcome.NotEnough, Funds);
        }
        (Available, Spent) = (Available - amount, Spent + amount);
        _history.Add(id);
        return new SpendResult(SpendOutcome.Done, Funds);
    }

    public SpendResult Refund(ulong amount, string id)
    {
        if (!Exists) return new SpendResult(SpendOutcome.NoAccount);
        if (_history.Contains(id)) return new SpendResult(SpendOutcome.Repeated, Funds);
        if (amount > Spent) return new SpendResult(SpendOutcome.OutOfRange, Funds);
        (Available, Spent) = (Available + amount, Spent - amount);
        _history.Add(id);
        return new SpendResult(SpendOutcome.Done, Funds);
    }

    public RunningResult Wake(ulong cost)
    {
        if (!Exists) return new RunningResult(SpendOutcome.NoAccount);
        var unearned = Math.Min(_wake, Spent);
        if (cost > Available + unearned)
        {
            if (Funds + unearned < cost) return new RunningResult(SpendOutcome.NotEnough, 0, Funds);
            _recallBy = "";
            return new RunningResult(SpendOutcome.Recalled, 0, Funds);
        }
        (Available, Spent, _wake) = (Available + unearned - cost, Spent - unearned + cost, cost);
        return new RunningResult(SpendOutcome.Done, cost, Funds, unearned);
    }

    public RunningResult GiveBackWake()
    {
        if (!Exists) return new RunningResult(SpendOutcome.NoAccount);
        if (_wake == 0) return new RunningResult(SpendOutcome.Repeated, 0, Funds);
        var back = Math.Min(_wake, Spent);
        (Available, Spent, _wake) = (Available + back, Spent - back, 0);
        return new RunningResult(SpendOutcome.Done, 0, Funds, back);
    }

    public LeaseResult Ask(string id, long sequence, ulong used, ulong wanted, ulong least, ulong kept, bool back, ulong forwarded)
    {
        if (!_leases.TryGetValue(id, out var lease))
        {
            var hasEnded = _ended.TryGetValue(id, out var last);
            if (hasEnded && sequence == last) return new LeaseResult(LeaseOutcome.Granted, used, Funds, GiveBack(id));
            if (sequence > 1 || hasEnded)
                return new LeaseResult(LeaseOutcome.Swept, 0, Funds, GiveBack(id), ErrorsCounted: hasEnded && sequence <= last);
            lease = new Lease();
        }
        if (sequence <= lease.Sequence) return new LeaseResult(LeaseOutcome.Granted, lease.Granted, Funds, GiveBack(id));
        lease.Sequence = sequence;
        var settled = Math.Max(lease.Used, Math.Min(used, lease.Granted));
        Spent += settled - lease.Used;
        lease.Used = settled;
        if (back && lease.Granted - lease.Used > kept)
        {
            Available += lease.Granted - lease.Used - kept;
            lease.Granted = lease.Used + kept;
        }
        lease.Forwarded = Math.Min(forwarded, lease.Granted - lease.Used);
        _leases[id] = lease;
        var outcome = LeaseOutcome.Granted;
        if (wanted > 0)
        {
            if (Funds < least) outcome = LeaseOutcome.NotEnough;
            else if (GiveBack(id)) outcome = LeaseOutcome.Recalled;
            else if (Available < least) (outcome, _recallBy) = (LeaseOutcome.Recalled, id);
            else
            {
                var grant = Math.Min(wanted, Available);
                (lease.Granted, Available, _recallBy) = (lease.Granted + grant, Available - grant, null);
            }
        }
        if (lease.Granted == lease.Used && _leases.Remove(id) && (sequence > 1 || lease.Granted > 0)) _ended[id] = sequence;
        return new LeaseResult(outcome, lease.Granted, Funds, GiveBack(id));
    }

    private bool GiveBack(string id) => _recallBy is not null && _recallBy != id;

    private CreditResult? Credit(ulong amount)
    {
        var room = long.MaxValue - Credited;
        if (amount > room) return new CreditResult(CreditOutcome.NoRoom, 0, Funds, room);
        (Credited, Available, Exists) = (Credited + amount, Available + amount, true);
        return null;
    }

    private sealed class Lease
    {
        public ulong Granted { get; set; }

        public ulong Used { get; set; }

        public ulong Forwarded { get; set; }

        public long Sequence { get; set; }
    }
}
