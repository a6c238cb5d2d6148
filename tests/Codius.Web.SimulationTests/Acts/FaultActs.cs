using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;
using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>What goes wrong.</summary>
internal sealed class FaultActs(Simulation simulation)
{
    private const int MostGateways = 4;
    private const long LostAtMost = 1000;

    private Replica? _replica;

    public void Do(Step step)
    {
        var alive = simulation.Gateways.Where(gateway => !gateway.IsGone).ToList();
        var gateway = alive.Count > 0 ? alive[step.A % alive.Count] : null;
        switch (step.Kind)
        {
            case StepKind.LoseRequest:
                simulation.Take(step.A)?.Answer(false);
                break;
            case StepKind.LoseAnswer when simulation.Take(step.A) is { } call:
                if (!simulation.IsOut) call.Execute();
                call.Answer(false);
                break;
            case StepKind.Double when !simulation.IsOut && simulation.Take(step.A) is { } call:
                call.Execute();
                call.Execute();
                call.Answer(true);
                break;
            case StepKind.Delay when simulation.Take(step.A) is { } call:
                simulation.Delayed.Add(call);
                call.Answer(false);
                break;
            case StepKind.Arrive when !simulation.IsOut && simulation.Delayed.Count > 0:
                var late = simulation.Delayed[step.A % simulation.Delayed.Count];
                simulation.Delayed.Remove(late);
                late.Execute();
                break;
            case StepKind.CrashStore when !simulation.IsOut && simulation.Take(step.A) is { } call:
                var scripts = simulation.Store.Scripts;
                if (call.MayCrash) (scripts.Fate, scripts.CrashesAfter) = (ScriptFate.Crashes, step.B % 9);
                call.Execute();
                scripts.Fate = ScriptFate.Arrives;
                call.Answer(false);
                break;
            case StepKind.Crash:
                gateway?.Crash();
                break;
            case StepKind.Freeze when gateway is not null:
                gateway.IsFrozen = true;
                break;
            case StepKind.Thaw when gateway is not null:
                gateway.IsFrozen = false;
                break;
            case StepKind.Stop when gateway is { IsRunning: true, IsStopping: false }:
                Stop(gateway, step.B);
                break;
            case StepKind.Start when alive.Count < MostGateways:
                simulation.StartGateway();
                break;
            case StepKind.Outage:
                simulation.IsOut = !simulation.IsOut;
                break;
            case StepKind.Replicate:
                _replica = new Replica(simulation);
                break;
            case StepKind.FailOver when _replica is { } replica && simulation.Time.Now - replica.At <= LostAtMost:
                replica.TakeOver(simulation);
                break;
            case StepKind.JumpStore:
                simulation.Store.Clock.Ahead = step.B;
                break;
            case StepKind.JumpGateway when gateway is not null:
                gateway.Clock.Ahead = step.B;
                break;
            case StepKind.DropAll:
                foreach (var each in alive)
                {
                    each.Run(() =>
                    {
                        each.DropAll();
                        return Task.CompletedTask;
                    });
                }
                break;
        }
    }

    /// <summary>Its clients are answered or leave first, as when Kestrel stops.</summary>
    private static void Stop(SimulatedGateway gateway, int answered)
    {
        foreach (var visit in gateway.Visits.ToList())
        {
            if (visit.IsWaiting) visit.Leave();
            else if (visit.IsReserved) gateway.Of(visit.Account).Answered += visit.End(answered++ % 2 == 0);
        }
        gateway.Scheduler.RunAll();
        gateway.Visits.Clear();
        gateway.Stop();
    }

    /// <summary>What a replica has, and what the simulation knew then.</summary>
    private sealed class Replica
    {
        private readonly List<(RedisKey Key, Action Restore)> _keys;
        private readonly Dictionary<SimulatedAccount, (Books Books, AccountState State)> _accounts;
        private readonly Dictionary<(SimulatedGateway, SimulatedAccount), (ulong Charged, int Errors)> _tallies = [];

        public Replica(Simulation simulation)
        {
            At = simulation.Time.Now;
            _keys = simulation.Store.Snapshots.Take(simulation.Store.Scripts.Keys);
            _accounts = simulation.Accounts.Append(simulation.Debt)
                .ToDictionary(account => account, account => (account.Books.Clone(), account.State));
            foreach (var gateway in simulation.Gateways)
                foreach (var account in simulation.Accounts)
                    _tallies[(gateway, account)] = (gateway.Of(account).Charged, gateway.Of(account).CountedErrors);
        }

        public long At { get; }

        public void TakeOver(Simulation simulation)
        {
            foreach (var (account, (books, state)) in _accounts)
            {
                foreach (var gateway in simulation.Gateways)
                {
                    // What it settled in that second, it settles again, unless the ledger has deleted its lease; and what it was granted
                    // may be gone.
                    var (charged, errors) = _tallies.GetValueOrDefault((gateway, account));
                    var tally = gateway.Of(account);
                    tally.Lost += Out(gateway, account.State) + Out(gateway, state) + tally.Charged - charged;
                    (tally.Charged, tally.CountedErrors) = (charged, errors);
                }
                (account.Books, account.State) = (books.Clone(), state);
            }
            simulation.Store.Snapshots.Restore(simulation.Store.Scripts.Keys, _keys);
        }

        private static ulong Out(SimulatedGateway gateway, AccountState account) =>
            account.Leases.Where(lease => gateway.LeaseIds.Contains(lease.Key)).Aggregate(0UL, (sum, lease) => sum + lease.Value.Out);
    }
}
