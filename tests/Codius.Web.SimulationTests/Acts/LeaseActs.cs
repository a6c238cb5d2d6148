using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>The lease requests of gateways and deploys, and what each may do.</summary>
internal sealed class LeaseActs(Simulation simulation)
{
    private readonly HashSet<(string Lease, long Sequence)> _requests = [];

    public Task<LeaseResult> SendAsync(SimulatedGateway gateway, LeaseRequest request)
    {
        gateway.LeaseIds.Add(request.LeaseId);
        var account = simulation.Accounts.Single(one => one.Id == request.Account);
        if (simulation.Mutation is { } mutation) request = mutation.Request(request);
        if (_requests.Add((request.LeaseId, request.Sequence))) CheckNew(gateway, account, request);
        var answer = new TaskCompletionSource<LeaseResult>();
        var sent = new SentLease(gateway, account, request);
        simulation.Pending.Add(new PendingCall("lease", gateway, simulation.Time.Now,
            () => simulation.On(account, () => Execute(sent)),
            arrives => answer.TrySetResult(arrives ? Answer(sent.Result) : new LeaseResult(LeaseOutcome.Unavailable)))
        { MayCrash = true, Lease = sent });
        return answer.Task;
    }

    private LeaseResult Answer(LeaseResult result) => simulation.Mutation?.Answer(result) ?? result;

    /// <summary>The lease was swept: its gateway may have served what it held.</summary>
    public void Swept(SimulatedAccount account, string id, StoredLease lease)
    {
        if (simulation.Gateways.FirstOrDefault(gateway => gateway.LeaseIds.Contains(id)) is not { } owner) return;
        Rule.Holds(
            (simulation.Scenario.Faults & ~Faults.Stop) != 0, "A gateway that works keeps its leases",
            $"{id} of gateway {owner.Number}: {lease}");
        owner.Of(account).Lost += lease.Out;
    }

    /// <summary>What a gateway has promised its visitors, the ledger has leased to it.</summary>
    public void CheckCovered(SimulatedGateway gateway)
    {
        var all = 0UL;
        foreach (var account in simulation.Accounts) all += CheckCovered(gateway, account);
        // What a gateway drops stays leased until it expires; so does what a fail-over brings back.
        if (simulation.Scenario.MaxOut == 0 || (simulation.Scenario.Faults & (Faults.Epoch | Faults.FailOver)) != 0) return;
        Rule.Holds(
            all <= (ulong)simulation.Scenario.MaxOut * simulation.Scenario.Price, "A gateway leases no more than it may lose",
            $"gateway {gateway.Number}: {all} of {simulation.Scenario.MaxOut} prices of {simulation.Scenario.Price}");
    }

    private static ulong CheckCovered(SimulatedGateway gateway, SimulatedAccount account)
    {
        var (leases, tally) = (account.State.Leases, gateway.Of(account));
        var leased = gateway.LeaseIds.Aggregate(0UL, (sum, id) => leases.TryGetValue(id, out var lease) ? sum + lease.Out : sum);
        var (answered, open) = (gateway.Committed(account), gateway.Open(account));
        Rule.Holds(tally.Charged <= answered, "No request is charged twice", $"gateway {gateway.Number}: {tally.Charged} of {answered}");
        Rule.Holds(
            answered + open <= tally.Charged + tally.Lost + leased, "What is reserved is leased",
            $"gateway {gateway.Number}: {answered} + {open}, {tally.Charged} + {tally.Lost} + {leased}");
        return leased;
    }

    /// <summary>Steps of as many accounts reach the store within a moment, in one script.</summary>
    public void ExecuteTogether(IReadOnlyList<SentLease> steps)
    {
        var ledger = simulation.Store.Ledger;
        foreach (var step in steps) simulation.EndIfDue(step.Account);
        IReadOnlyList<Task<LeaseResult>> calls = [];
        simulation.Store.SendTogether(() =>
            calls = [.. steps.Select(step => ledger.LeaseAsync(step.Request, CancellationToken.None).AsTask())]);
        // The scripts of the simulation answer at once.
        var results = Task.WhenAll(calls).GetAwaiter().GetResult();
        Rule.Holds(simulation.Store.Scripts.Error is null, "Scripts do not fail", $"{simulation.Store.Scripts.Error}");
        foreach (var (step, result) in steps.Zip(results))
        {
            step.Result = result;
            simulation.On(step.Account, () =>
                Check(step, simulation.Changed(simulation.Store.Read(step.Account.Id), step.Request.LeaseId)));
        }
    }

    private void Execute(SentLease step)
    {
        step.Result = simulation.Execute(
            simulation.Store.Ledger.LeaseAsync(step.Request, CancellationToken.None), step.Request.LeaseId, out var before);
        Check(step, before);
    }

    private void Check(SentLease step, AccountState before)
    {
        var (gateway, request, result, clock) = (step.Gateway, step.Request, step.Result, simulation.Store.Clock.Now);
        var now = simulation.Account;
        // A repeat writes nothing, not even what it found expired.
        if (result.Outcome != LeaseOutcome.Unavailable && before.Leases.GetValueOrDefault(request.LeaseId).Sequence < request.Sequence)
            AccountChecks.CheckNoneExpired(now, request.LeaseId, clock);
        var units = Charge(before, now, request);
        var tally = gateway.Of(simulation.Current);
        tally.Charged += units;
        var committed = gateway.Committed(simulation.Current);
        Rule.Holds(
            tally.Charged <= committed, "No request is charged twice",
            $"gateway {gateway.Number}: {tally.Charged} of {committed}");
        if (units > 0) CheckCap(clock, units);
        tally.CountErrors(now.Errors.Count - (now.Errors.Since == before.Errors.Since ? before.Errors.Count : 0));
        var (had, has) = (before.Leases.GetValueOrDefault(request.LeaseId), now.Leases.GetValueOrDefault(request.LeaseId));
        CheckGrant(request, had, has, now);
        if (result.Outcome == LeaseOutcome.Swept)
            Rule.Holds(had == default, "Only a lease that is gone is refused", $"{request}, {had}");
        if (request.Wanted == 0) return;
        if (result.Outcome == LeaseOutcome.NotEnough)
        {
            Rule.Holds(now.Funds < request.Least, "402 means not enough money", $"{now} for {request.Least}");
            foreach (var visit in gateway.Visits.Where(visit => visit.Account == simulation.Current && visit.IsWaiting))
                visit.NotEnoughAt = Math.Min(visit.NotEnoughAt ?? ulong.MaxValue, now.Funds);
        }
        if (result.Outcome == LeaseOutcome.Recalled)
            Rule.Holds(now.Funds >= request.Least, "A recall means that there is money", $"{now} for {request.Least}");
    }

    /// <summary>The units that a lease request has spent: what it said, and no more than the lease had.</summary>
    public static ulong Charge(AccountState before, AccountState now, LeaseRequest request)
    {
        var had = before.Leases.GetValueOrDefault(request.LeaseId);
        Rule.Holds(
            now.Spent >= before.Spent && now.Spent - before.Spent <= had.Out, "A lease settles no more than it has", $"{before}, {now}");
        var units = now.Spent - before.Spent;
        Rule.Holds(
            units <= request.Used - Math.Min(request.Used, had.Used), "The increase of what is used is settled, once",
            $"{had}, {request}, {units}");
        return units;
    }

    /// <summary>A repeat says what was so when it was sent first.</summary>
    private void CheckNew(SimulatedGateway gateway, SimulatedAccount account, LeaseRequest request)
    {
        var forwarded = Sum(visit => visit.ForwardedAt is not null);
        Rule.Holds(request.Forwarded <= forwarded, "What apps have is forwarded, and no more", $"{request} of {forwarded}");
        // Without faults all visits are of the lease that the request is about.
        if (simulation.Scenario.Faults != Faults.None) return;
        var uncommitted = Sum(visit => visit is { ForwardedAt: not null, IsReserved: true, IsCommitted: false });
        Rule.Holds(request.Forwarded >= uncommitted, "What apps have is forwarded, all of it", $"{request} of {uncommitted}");

        ulong Sum(Func<SimulatedVisit, bool> which) => gateway.Sum(visit => visit.Account == account && which(visit));
    }

    /// <summary>What no visit has reserved is at most a quarter of what the account has.</summary>
    private static void CheckGrant(LeaseRequest request, StoredLease had, StoredLease has, AccountState now)
    {
        Rule.Holds(
            has.Granted <= had.Granted + request.Wanted + request.Ahead, "No more is granted than wanted", $"{had}, {request}, {has}");
        var needed = request.Kept - request.Free + request.Wanted;
        var free = has.Out > needed ? has.Out - needed : 0;
        Rule.Holds(
            has.Granted <= had.Granted + request.Wanted || free <= request.Free || free <= (now.Balance + free) / 4,
            "A slice is a quarter of the balance at most", $"{had}, {request}, {has}, {now}");
    }

    private void CheckCap(long clock, ulong units)
    {
        var hour = simulation.Books.Charge(clock, units);
        var cap = (ulong)simulation.Scenario.Cap * simulation.Scenario.Price;
        // A jump of the store's clock moves the hour.
        if (cap == 0 || (simulation.Scenario.Faults & (Faults.Clock | Faults.FailOver)) != 0) return;
        Rule.Holds(hour <= cap, "An hour costs no more than the owner's cap", $"{hour} of {cap}");
    }
}
