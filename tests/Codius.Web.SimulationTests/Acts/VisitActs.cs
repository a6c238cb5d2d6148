using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>What visitors and apps do, and what visitors may be told.</summary>
internal sealed class VisitActs(Simulation simulation)
{
    private Scenario Scenario => simulation.Scenario;

    public void Do(Step step)
    {
        if (step.Kind == StepKind.Visit)
        {
            var serving = simulation.Gateways.Where(gateway => gateway is { IsRunning: true, IsStopping: false }).ToList();
            if (serving.Count > 0) Begin(serving[step.A % serving.Count], step.B % 8 == 0 ? 2UL : 1);
            return;
        }
        var waits = step.Kind == StepKind.Leave;
        var visits = simulation.Gateways.Where(gateway => gateway.IsRunning)
            .SelectMany(gateway => gateway.Visits.Where(visit => waits ? visit.IsWaiting : visit.IsReserved)
            .Select(visit => (Gateway: gateway, Visit: visit))).ToList();
        if (visits.Count == 0) return;
        var (gateway, visit) = visits[step.A % visits.Count];
        switch (step.Kind)
        {
            case StepKind.Forward:
                visit.Reservation!.Forward();
                visit.ForwardedAt ??= simulation.Time.Now;
                break;
            case StepKind.Retract:
                visit.Reservation!.Retract();
                if (!visit.IsCommitted) visit.ForwardedAt = null;
                break;
            case StepKind.Leave:
                visit.Leave();
                break;
            case StepKind.Fail:
                var isFree = visit.Reservation!.TryUseFreeError();
                // A jump of the store's clock begins another minute, and a fail-over forgets one.
                var isBounded = (Scenario.Faults & (Faults.Clock | Faults.FailOver)) == 0;
                if (isFree) gateway.Of(visit.Account).UsedFreeError(simulation.Time.Now, isBounded);
                End(gateway, visit, answered: !isFree);
                break;
            default:
                End(gateway, visit, step.Kind == StepKind.Answer);
                break;
        }
    }

    public SimulatedVisit Begin(SimulatedGateway gateway, ulong prices)
    {
        var visit = new SimulatedVisit(
            simulation.Current, prices * Scenario.Price, Scenario.Cap == 0 ? null : (ulong)Scenario.Cap * Scenario.Price,
            simulation.Time.Now, Reserved);
        gateway.Visit(visit);
        simulation.Pump();
        return visit;
    }

    public void End(SimulatedGateway gateway, SimulatedVisit visit, bool answered)
    {
        if (visit.IsCommitted)
            Rule.Holds(
                visit.ForwardedAt <= simulation.Time.Now - (long)LeaseContext.CommitAfter.TotalMilliseconds,
                "A price is committed when the app has answered, or after half a minute", $"{visit.ForwardedAt} at {simulation.Time.Now}");
        gateway.Of(visit.Account).Answered += visit.End(answered);
        gateway.Visits.Remove(visit);
    }

    private void Reserved(SimulatedVisit visit)
    {
        switch (visit.Reservation!.Outcome)
        {
            case ReserveOutcome.NotEnough:
                Rule.Holds(visit.NotEnoughAt < visit.Price, "402 means not enough money", $"{visit.NotEnoughAt} for {visit.Price}");
                break;
            case ReserveOutcome.Capped:
                Rule.Holds(Scenario.Cap > 0, "Only a cap caps", $"{visit.Price}");
                break;
            case ReserveOutcome.Unavailable:
                Rule.Holds(
                    Scenario.Faults != Faults.None || Scenario.MaxOut > 0, "A store that answers is available",
                    $"{visit.Price}");
                break;
            case ReserveOutcome.Recalled:
                Rule.Holds(
                    simulation.Time.Now - visit.Since >= new LeaseOptions().RecallWait.TotalMilliseconds,
                    "A recall is waited for", $"{visit.Since} at {simulation.Time.Now}");
                break;
        }
    }
}
