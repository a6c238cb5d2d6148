namespace Codius.Sandbox.Money;

/// <summary>
/// The connector's books, which are the wallet's balances too: a packet's money is held while the packet is on its way, then it is the
/// receiver's or the sender's again. Nothing is made or lost on the way.
/// </summary>
internal sealed class Books
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Holder, ulong> _balances;
    private readonly Dictionary<Holder, ulong> _held = [];

    public Books(IReadOnlyDictionary<Holder, ulong> balances) =>
        _balances = Enum.GetValues<Holder>().ToDictionary(holder => holder, balances.GetValueOrDefault);

    /// <summary>Raised after money has moved for good.</summary>
    public event Action? Moved;

    public ulong BalanceOf(Holder holder)
    {
        lock (_lock) return _balances[holder];
    }

    /// <summary>
    /// All balances; what is held counts as its sender's. A file written now and read after a crash may so give the visitor back
    /// a packet that arrived: it is play money.
    /// </summary>
    public IReadOnlyDictionary<Holder, ulong> Snapshot()
    {
        lock (_lock) return _balances.ToDictionary(pair => pair.Key, pair => pair.Value + _held.GetValueOrDefault(pair.Key));
    }

    /// <summary>Sets a packet's money aside; <see cref="Settle"/> or <see cref="Release"/> must follow.</summary>
    public bool TryHold(Holder from, ulong amount)
    {
        lock (_lock)
        {
            if (_balances[from] < amount) return false;
            _balances[from] -= amount;
            _held[from] = _held.GetValueOrDefault(from) + amount;
            return true;
        }
    }

    public void Settle(Holder from, Holder to, ulong amount)
    {
        lock (_lock)
        {
            _held[from] -= amount;
            _balances[to] += amount;
        }
        Moved?.Invoke();
    }

    public void Release(Holder from, ulong amount)
    {
        lock (_lock)
        {
            _held[from] -= amount;
            _balances[from] += amount;
        }
    }

    /// <summary>Makes new play money, up to an amount.</summary>
    public void FillUp(Holder holder, ulong amount)
    {
        lock (_lock) _balances[holder] = Math.Max(_balances[holder], amount);
        Moved?.Invoke();
    }
}
