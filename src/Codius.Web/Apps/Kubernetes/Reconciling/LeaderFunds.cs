using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>Listens to the changes of all accounts while this gateway leads: the store sends each to each gateway that listens.</summary>
internal sealed class LeaderFunds : IDisposable
{
    private readonly ILeadership _leadership;
    private readonly IBalanceChanges _balances;
    private readonly Action<AccountId> _changed;
    private readonly Lock _gate = new();
    private IDisposable? _listening;
    private bool _ended;

    public LeaderFunds(ILeadership leadership, IBalanceChanges balances, Action<AccountId> changed)
    {
        _leadership = leadership;
        _balances = balances;
        _changed = changed;
        leadership.Changed += Follow;
        Follow();
    }

    public void Dispose()
    {
        _leadership.Changed -= Follow;
        lock (_gate)
        {
            _ended = true;
            _listening?.Dispose();
            _listening = null;
        }
    }

    /// <summary>Looks at what is so now: two changes at once may call in any order.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            var listens = _leadership.IsLeader && !_ended;
            if (listens == _listening is not null) return;
            if (listens)
            {
                _listening = _balances.Listen(_changed);
                return;
            }
            _listening!.Dispose();
            _listening = null;
        }
    }
}
