using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Faults have ended: all that must come to an end does, in bounded time, and the sums are right.</summary>
internal sealed class Ending(Simulation simulation, VisitActs visits, HostBooksActs books, ConnectorActs connectors, WalletActs wallet)
{
    private const int MostVisits = 20;

    private readonly RunningActs _running = new(simulation);

    public void Run()
    {
        EndFaults();
        EndVisits();
        // The longest lease is a deploy's, and a store whose clock jumped forward may jump back: no lease outlives this.
        simulation.Pass(110_000, hold: false);
        foreach (var gateway in simulation.Gateways.Where(gateway => gateway is { IsStopping: true, IsGone: false })) gateway.EndStopping();
        SimulatedGateway[] gateways = [simulation.StartGateway(), simulation.StartGateway()];
        wallet.End(gateways);
        foreach (var account in simulation.Accounts) simulation.On(account, () => SpendTheRest(gateways));
        simulation.Pass(3000, hold: false);
        foreach (var account in simulation.Accounts) simulation.On(account, OutOfFunds);
        foreach (var account in simulation.Accounts) CheckSums(account);
        books.End();
        connectors.End();
    }

    private void EndFaults()
    {
        simulation.IsOut = false;
        foreach (var gateway in simulation.Gateways) gateway.IsFrozen = false;
        foreach (var late in simulation.Delayed) late.Execute();
        simulation.Delayed.Clear();
        simulation.Pump();
        simulation.DeliverAll();
        simulation.Pass(4000, hold: false);
        foreach (var gateway in simulation.Gateways.Where(gateway => !gateway.IsGone))
            Rule.Holds(!gateway.Visits.Any(visit => visit.IsWaiting), "No visit waits for ever", $"gateway {gateway.Number}");
    }

    private void EndVisits()
    {
        foreach (var gateway in simulation.Gateways.Where(gateway => !gateway.IsGone))
        {
            var answered = 0;
            foreach (var visit in gateway.Visits.Where(visit => visit.IsReserved).ToList())
                visits.End(gateway, visit, answered++ % 2 == 0);
        }
    }

    /// <summary>Two gateways in turn: as long as there is a price, one of them gets it.</summary>
    private void SpendTheRest(SimulatedGateway[] gateways)
    {
        if (simulation.Scenario.Cap > 0 || simulation.Scenario.MaxOut > 0) return;
        for (var i = 0; i < MostVisits; i++)
        {
            var (gateway, before) = (gateways[i % 2], simulation.Account);
            // Others may hold the rest for a moment: a recall.
            for (var tries = 0; tries < 3; tries++)
            {
                var visit = visits.Begin(gateway, 1);
                simulation.Pass(3000, hold: false);
                if (visit.IsReserved)
                {
                    visits.End(gateway, visit, answered: true);
                    simulation.Pass(1100, hold: false); // until it is settled
                    break;
                }
                if (visit.Reservation?.Outcome == ReserveOutcome.NotEnough)
                {
                    Rule.Holds(
                        before.Funds < simulation.Scenario.Price || !simulation.Account.Exists, "No unit is stranded",
                        $"{before}, {simulation.Account}");
                    return;
                }
                Rule.Holds(tries < 2, "A funded app is served", $"{visit.Reservation?.Outcome}: {simulation.Account}");
            }
        }
    }

    /// <summary>An app that nothing pays for any more is out of funds as soon as its money is used up.</summary>
    private void OutOfFunds()
    {
        if (simulation.Account.Credited == 0) return;
        // What an expired lease holds is swept by the first bill.
        var most = (simulation.Account.Balance + simulation.Account.Leased) / simulation.Scenario.Price + 3;
        if (!simulation.Scenario.Running || most > MostVisits)
        {
            _running.Bill(earned: true);
            return;
        }
        for (var minutes = 0UL; _running.Bill(earned: true) is not (SpendOutcome.NotEnough or SpendOutcome.NoAccount); minutes++)
        {
            Rule.Holds(minutes < most, "An app without money is out of funds", $"{minutes} minutes: {simulation.Account}");
            simulation.Pass(60_000, hold: false);
        }
    }

    private void CheckSums(SimulatedAccount account)
    {
        Rule.Holds(account.State is { Leased: 0, Leases.Count: 0 }, "Each lease is settled or swept", $"{account.State}");
        foreach (var gateway in simulation.Gateways)
        {
            gateway.CheckWork();
            var (committed, tally) = (gateway.Committed(account), gateway.Of(account));
            Rule.Holds(
                committed - tally.Charged <= tally.Lost, "The host loses what expired leases held, at most",
                $"gateway {gateway.Number}: {committed}, {tally.Charged}, {tally.Lost}");
        }
    }
}
