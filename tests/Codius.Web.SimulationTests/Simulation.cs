using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.SimulationTests.Acts;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Clocks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>
/// Some accounts, their visitors, payers and gateways, on a real store. All code runs on one thread, and only the scenario decides what is
/// next, so that the same scenario is the same run.
/// </summary>
internal sealed class Simulation
{
    /// <summary>How long a caller waits for the store.</summary>
    private const long CallTimeout = 5000;

    private const int MostAtOnce = 1000;

    private readonly LeaseActs _leases;
    private readonly DustActs _dust;
    private readonly StepActs _steps;
    private int _leaseIds;

    public Simulation(SimulatedStore store, Scenario scenario)
    {
        (Store, Scenario) = (store, scenario);
        (store.Clock.Time, store.Clock.Ahead) = (Time, 0);
        DeleteKeys(); // of a run whose store was away at its end
        store.Scripts.Error = null;
        (store.Scripts.Count, store.Scripts.Fate) = (0, ScriptFate.Arrives);
        store.Scripts.EndedWithin.Clear();
        store.Scripts.EndsWithin = DustActs.EndsWithin(scenario);
        OpenAt = store.Prices.OpenAt = scenario.OpenAt * scenario.Price;
        Accounts = [.. Enumerable.Range(1, scenario.Accounts).Select(number => new SimulatedAccount(number))];
        Current = Accounts[0];
        _leases = new LeaseActs(this);
        _dust = new DustActs(this, _leases);
        _steps = new StepActs(this);
    }

    public SimulatedStore Store { get; }

    public Scenario Scenario { get; }

    public IReadOnlyList<SimulatedAccount> Accounts { get; }

    /// <summary>The book of what a connector owes; it has no end.</summary>
    public SimulatedAccount Debt { get; } = new(AccountId.OfBook("owed-simulated")) { Books = { IsKeptForGood = true } };

    /// <summary>The account that what happens now is about.</summary>
    public SimulatedAccount Current { get; private set; }

    public AccountId Id => Current.Id;

    public SimulatedTime Time { get; } = new();

    public List<SimulatedGateway> Gateways { get; } = [];

    public List<PendingCall> Pending { get; } = [];

    /// <summary>Calls whose caller gave up, and which the store may still get, whenever that is.</summary>
    public List<PendingCall> Delayed { get; } = [];

    /// <summary>What keeps an account for good, in units; 0: whatever it was paid.</summary>
    public ulong OpenAt { get; }

    public AccountState Account => Current.State;

    public Books Books => Current.Books;

    /// <summary>A mistake that all gateways make.</summary>
    public GatewayMutation? Mutation { get; init; }

    /// <summary>True while no call reaches the store.</summary>
    public bool IsOut { get; set; }

    /// <summary>How many calls of scripts were made.</summary>
    public int Calls => Store.Scripts.Count;

    private IEnumerable<SimulatedGateway> Running => Gateways.Where(gateway => gateway.IsRunning);

    /// <summary>Runs the scenario; then faults end, and all that must come to an end does.</summary>
    /// <exception cref="BrokenRuleException">A rule does not hold.</exception>
    public void Run()
    {
        try
        {
            _steps.Begin();
            for (var i = 0; i < Scenario.Gateways; i++) StartGateway();
            foreach (var step in Scenario.Steps)
            {
                On(Accounts[step.Drawn % Accounts.Count], () => _steps.Do(step));
                Pump();
            }
            _steps.End();
        }
        finally
        {
            foreach (var gateway in Gateways) gateway.Dispose();
            DeleteKeys();
        }
    }

    /// <summary>Does something that is about an account.</summary>
    public void On(SimulatedAccount account, Action act)
    {
        var before = Current;
        Current = account;
        EndIfDue(account);
        act();
        Current = before;
    }

    /// <summary>The store's time as a gateway or a deploy knows it, whose new leases have the numbers that follow.</summary>
    public StoreTime LearnTime()
    {
        var time = new StoreTime(() => string.Create(CultureInfo.InvariantCulture, $"{++_leaseIds:x16}"));
        time.Learn(Store.Clock.Now);
        return time;
    }

    public SimulatedGateway StartGateway()
    {
        SimulatedGateway? gateway = null;
        gateway = new SimulatedGateway(Gateways.Count, Time, new LeaseOptions(),
            Scenario.MaxOut == 0 ? long.MaxValue : (ulong)Scenario.MaxOut * Scenario.Price, LearnTime(),
            request => _leases.SendAsync(gateway!, request));
        Gateways.Add(gateway);
        Pump();
        return gateway;
    }

    /// <summary>Runs a call on the store, and checks what holds after each.</summary>
    public T Execute<T>(ValueTask<T> call, string ownLease, out AccountState before)
    {
        // The scripts of the simulation answer at once.
        var result = call.AsTask().GetAwaiter().GetResult();
        Rule.Holds(Store.Scripts.Error is null, "Scripts do not fail", $"{Store.Scripts.Error}");
        before = Changed(Store.Scripts.Account, ownLease);
        return result;
    }

    /// <summary>The current account is what a script has left of it; returns what it was.</summary>
    public AccountState Changed(AccountState now, string ownLease)
    {
        var (before, clock) = (Account, Store.Clock.Now);
        Current.State = now;
        if (Store.Scripts.EndedWithin.Remove((string)BalanceKeys.Account(Id)!, out var isWritten))
            before = _dust.EndWithin(before, isWritten);
        foreach (var (id, lease) in AccountChecks.Swept(before, Account, ownLease, clock)) _leases.Swept(Current, id, lease);
        AccountChecks.Check(Account, Books);
        Dust.Check(before, Account, Books, OpenAt, clock, Store.Scripts.HasCrashed);
        Books.Hours.Record(before.Books, Account.Books, clock);
        return before;
    }

    /// <summary>The account ends if the store's clock says so.</summary>
    public void EndIfDue(SimulatedAccount account) => _dust.EndIfDue(account);

    /// <summary>Runs all gateways until they wait for something.</summary>
    public void Pump()
    {
        bool any;
        do
        {
            any = false;
            foreach (var gateway in Running.ToList()) any |= gateway.Scheduler.RunAll();
        }
        while (any);
        foreach (var gateway in Gateways)
        {
            if (gateway.Failure is { } failure) throw new BrokenRuleException(failure.Message, failure);
            _leases.CheckCovered(gateway);
        }
    }

    public void Pass(long milliseconds, bool hold) => Time.PassUntil(Time.Now + milliseconds, () =>
    {
        Pump();
        TimeOut();
        if (!hold) DeliverAll();
    });

    public void DeliverAll()
    {
        for (var calls = 0; !IsOut && Pending.Count > 0; calls++)
        {
            Rule.Holds(calls < MostAtOnce, "Requests come to an end", $"{Pending[0].Name} at {Time.Now}");
            Deliver(0);
        }
    }

    public void Deliver(int index)
    {
        if (Take(index) is not { } call) return;
        if (!IsOut) call.Execute();
        call.Answer(!IsOut);
        Pump();
    }

    /// <summary>The oldest step of a lease of each account, all in one script.</summary>
    public void DeliverTogether(Step step)
    {
        var calls = Pending.Where(call => call.Lease is not null).DistinctBy(call => call.Lease!.Account).ToList();
        if (calls.Count < 2 || IsOut) return;
        Pending.RemoveAll(calls.Contains);
        Store.Scripts.Fate = (step.A % 8) switch
        {
            0 when Scenario.Faults.HasFlag(Faults.Lost) => ScriptFate.AnswerIsLost,
            1 => ScriptFate.IsRefused,
            2 or 3 when Scenario.Faults.HasFlag(Faults.CrashStore) => ScriptFate.Crashes,
            _ => ScriptFate.Arrives,
        };
        Store.Scripts.CrashesAfter = step.B % 9;
        _leases.ExecuteTogether([.. calls.Select(call => call.Lease!)]);
        Store.Scripts.Fate = ScriptFate.Arrives;
        foreach (var call in calls) call.Answer(true);
        Pump();
    }

    public PendingCall? Take(int index)
    {
        if (Pending.Count == 0) return null;
        var call = Pending[index % Pending.Count];
        Pending.Remove(call);
        return call;
    }

    private void DeleteKeys()
    {
        if (Store.Scripts.Keys.Count == 0) return;
        Store.Snapshots.Delete(Store.Scripts.Keys);
        Store.Scripts.Keys.Clear();
    }

    private void TimeOut()
    {
        foreach (var call in Pending.Where(call => call.Since + CallTimeout <= Time.Now).ToList())
        {
            if ((Scenario.Faults & (Faults.Lost | Faults.Late | Faults.Outage)) == 0)
            {
                Deliver(Pending.IndexOf(call));
                continue;
            }
            Pending.Remove(call);
            if (Scenario.Faults.HasFlag(Faults.Late)) Delayed.Add(call);
            call.Answer(false);
        }
        Pump();
    }
}
