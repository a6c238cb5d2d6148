using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Supervision;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>One gateway's real reservations, from its start to its end, and what its visitors got.</summary>
internal sealed class SimulatedGateway : IDisposable
{
    /// <summary>So few that scenarios use them up.</summary>
    private const int FreeErrorsPerMinute = 1;

    private readonly Dictionary<SimulatedAccount, GatewayTally> _tallies = [];
    private readonly Supervisor _supervisor;
    private readonly LeasedReservations _reservations;
    private Task _stopping = Task.CompletedTask;

    public SimulatedGateway(
        int number, SimulatedTime time, LeaseOptions options, ulong maxOut, StoreTime storeTime,
        Func<LeaseRequest, Task<LeaseResult>> send)
    {
        Number = number;
        Clock = new GatewayClock(time, () => IsRunning);
        _supervisor = Supervised.By(Clock);
        // It has learned the time by a heartbeat at its start; after that it learns from lease requests only.
        _reservations = new LeasedReservations(new LeaseContext(
            LeaseCalls.To(send), options, new OutstandingLeases(maxOut), _supervisor, Clock, NullLogger<LeaseContext>.Instance,
            FreeErrorsPerMinute, scheduler: Scheduler, storeTime: storeTime), new SimulatedAccount.ByNumber());
        Run(() => _reservations.StartAsync(CancellationToken.None));
    }

    public int Number { get; }

    public GatewayClock Clock { get; }

    public SimulatedScheduler Scheduler { get; } = new();

    public bool IsFrozen { get; set; }

    public bool IsStopping { get; private set; }

    /// <summary>True once it has crashed, or has stopped.</summary>
    public bool IsGone { get; private set; }

    public bool IsRunning => !IsFrozen && !IsGone;

    /// <summary>The ids of its leases.</summary>
    public HashSet<string> LeaseIds { get; } = new(StringComparer.Ordinal);

    public List<SimulatedVisit> Visits { get; } = [];

    /// <summary>What it has served and settled of an account.</summary>
    public GatewayTally Of(SimulatedAccount account)
    {
        if (!_tallies.TryGetValue(account, out var tally)) _tallies[account] = tally = new GatewayTally(Number, FreeErrorsPerMinute);
        return tally;
    }

    /// <summary>Units of all visits that it has answered: also of those that apps have had for half a minute.</summary>
    public ulong Committed(SimulatedAccount account) =>
        Of(account).Answered + Sum(visit => visit.Account == account && visit.IsCommitted);

    /// <summary>Units of visits that are neither answered nor released.</summary>
    public ulong Open(SimulatedAccount account) =>
        Sum(visit => visit.Account == account && visit is { IsReserved: true, IsCommitted: false });

    /// <summary>The sum of the prices of some visits.</summary>
    public ulong Sum(Func<SimulatedVisit, bool> which) => Visits.Where(which).Aggregate(0UL, (sum, visit) => sum + visit.Price);

    /// <summary>What its code threw.</summary>
    public Exception? Failure { get; private set; }

    public void Run(Func<Task> code) =>
        _ = Task.Factory.StartNew(() => RunAsync(code), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler);

    public void Visit(SimulatedVisit visit)
    {
        Visits.Add(visit);
        Run(() => visit.RunAsync(_reservations));
    }

    public void DropAll() => _reservations.DropAll();

    public void Crash() => IsGone = true;

    /// <summary>Begins to stop; all its visits have ended.</summary>
    public void Stop()
    {
        IsStopping = true;
        var queued = Scheduler.Queued;
        Run(() => _stopping = _reservations.StopAsync(CancellationToken.None));
        Scheduler.RunAll();
        // The token that ends the loop is cancelled on the thread pool, which queues the loop and then StopAsync itself.
        Scheduler.WaitForQueued(queued + 3);
    }

    /// <summary>After it has returned its leases, or has given up.</summary>
    public void EndStopping()
    {
        if (!_stopping.Wait(TimeSpan.FromSeconds(30))) throw new BrokenRuleException("A gateway that stops comes to an end");
        IsGone = true;
    }

    public void Dispose()
    {
        foreach (var visit in Visits) visit.Dispose();
        _reservations.Dispose();
    }

    private async Task RunAsync(Func<Task> code)
    {
        try
        {
            await code();
        }
        catch (Exception thrown)
        {
            Failure ??= thrown;
        }
    }

    public void CheckWork()
    {
        foreach (var record in _supervisor.Records)
            Rule.Holds(record.Status.Failures == 0, "Background work does not fail", $"{record.Status}");
    }
}
