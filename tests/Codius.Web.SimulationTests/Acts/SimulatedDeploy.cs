using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Deploying.Paying;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>The price of one deploy: a lease of its own, as <see cref="DeployReservations"/> requests it.</summary>
internal sealed class SimulatedDeploy
{
    private readonly Simulation _simulation;
    private readonly StoreTime _time;
    private readonly ulong _price;
    private string _id;
    private bool _isReserved;
    private bool? _ends;

    public SimulatedDeploy(Simulation simulation, ulong price)
    {
        (_simulation, _price, _time) = (simulation, price, simulation.LearnTime());
        _id = _time.NewLeaseId();
    }

    /// <summary>As any request for the deploy does: also one that comes later, or again.</summary>
    public void Reserve()
    {
        var clock = _simulation.Store.Clock.Now;
        var result = Send(new LeaseRequest(
            _simulation.Id, _id, 1, 0, _price, _price, Lifetime: DeployReservations.Lifetime, MostLeases: DeployReservations.MostOpen));
        if (result.Outcome == LeaseOutcome.Swept && _ends is null)
        {
            _time.Learn(result.StoreTime);
            (_id, _isReserved) = (_time.NewLeaseId(), false);
        }
        if (result.Outcome != LeaseOutcome.Granted || result.Granted != _price || _ends is not null) return;
        _isReserved = true;
        var lease = _simulation.Account.Leases[_id];
        Rule.Holds(
            lease.Expires >= clock + (long)DeployReservations.Lifetime.TotalMilliseconds, "A deploy that is reserved has its whole time",
            $"{lease} at {clock}");
    }

    public void End(bool committed)
    {
        // The caller that removes the note decides; repeats have its decision.
        if (!_isReserved) return;
        _ends ??= committed;
        Send(new LeaseRequest(_simulation.Id, _id, 2, _ends.Value ? _price : 0, 0, 0, Return: true));
    }

    private LeaseResult Send(LeaseRequest request)
    {
        var result = _simulation.Execute(_simulation.Store.Ledger.LeaseAsync(request, default), request.LeaseId, out var before);
        var units = LeaseActs.Charge(before, _simulation.Account, request);
        Rule.Holds(units == 0 || units == _price, "A deploy is charged whole or not at all", $"{units} of {_price}");
        Rule.Holds(
            request.Sequence > 1 || result.Outcome != LeaseOutcome.NotEnough || _simulation.Account.Funds < _price,
            "A deploy is refused for want of money only", $"{_simulation.Account} for {_price}");
        return result;
    }
}
