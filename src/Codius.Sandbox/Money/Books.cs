namespace Codius.Sandbox.Money;

/// <summary>
/// The connector's books, which are the wallet's balances too: a packet's money is held while the packet travels, then it belongs to the
/// receiver, or to the sender again. The sum stays the same.
/// </summary>
internal sealed class Books
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Holder, ulong> _balances;
    private readonly Dictionary<Holder, ulong> _held = [];

    public Books(IReadOnlyDictionary<Holder, ulong> balances) =>
        _balances = Enum.GetValues<Holder>().ToDictionary(holder => holder, balances.GetValueOrDefault);

    /// <summary>Raised after a balance changed for good.</summary>
    public event Action? Moved;

    public ulong BalanceOf(Holder holder)
    {
        lock (_lock) return _balances[holder];
    }

    /// <summary>
    /// All balances; held money counts as its sender's. So a crash after this snapshot may give the visitor back a packet that
    /// was delivered: it is play money.
    /// </summary>
    public IReadOnlyDictionary<Holder, ulong> Snapshot()
    {
        lock (_lock) return _balances.ToDictionary(pair => pair.Key, pair => pair.Value + _held.GetValueOrDefault(pair.Key));
    }

    /// <summary>Holds a packet's money; <see cref="Transfer"/> or <see cref="Release"/> must follow.</summary>
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

    public void Transfer(Holder from, Holder to, ulong amount)
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

    /// <summary>Raises a balance to an amount with new play money.</summary>
    public void FillUp(Holder holder, ulong amount)
    {
        lock (_lock) _balances[holder] = Math.Max(_balances[holder], amount);
        Moved?.Invoke();
    }
}
