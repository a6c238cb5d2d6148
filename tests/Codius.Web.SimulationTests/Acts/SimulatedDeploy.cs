using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.SimulationTests.Checks;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>The price of one deploy: a lease of its own, as <see cref="DeployReservations"/> requests it.</summary>
internal sealed class SimulatedDeploy(Simulation simulation, int number, ulong price)
{
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"deploy{number}");
    private bool _isReserved;
    private bool? _ends;

    public void Reserve() => _isReserved |= Send(new LeaseRequest(
        simulation.Id, _id, 1, 0, price, price, Lifetime: DeployReservations.Lifetime, MostLeases: DeployReservations.MostOpen)) == price;

    public void End(bool committed)
    {
        // The caller that removes the note decides; repeats have its decision.
        if (!_isReserved) return;
        _ends ??= committed;
        Send(new LeaseRequest(simulation.Id, _id, 2, _ends.Value ? price : 0, 0, 0, Return: true));
    }

    private ulong Send(LeaseRequest request)
    {
        var result = simulation.Execute(simulation.Store.Ledger.LeaseAsync(request, default), _id, out var before);
        var units = LeaseActs.Charge(before, simulation.Account, request);
        Rule.Holds(units == 0 || units == price, "A deploy is charged whole or not at all", $"{units} of {price}");
        Rule.Holds(
            request.Sequence > 1 || result.Outcome != LeaseOutcome.NotEnough || simulation.Account.Funds < price,
            "A deploy is refused for want of money only", $"{simulation.Account} for {price}");
        return result.Outcome == LeaseOutcome.Granted ? result.Granted : 0;
    }
}
