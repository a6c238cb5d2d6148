using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Some gateway adds what accounts have booked to the books of the host; what it has read may come late, twice or never.</summary>
internal sealed class HostBooksActs(Simulation simulation)
{
    private readonly BookHours _hours = new();
    private BookTotals _host = new();

    /// <summary>Reads all accounts now, or only the one that the step is about.</summary>
    public void Do(Step step)
    {
        if (simulation.IsOut) return;
        foreach (var addition in Read(step.B % 2 == 0 ? simulation.Accounts : [simulation.Current]))
        {
            simulation.Pending.Add(new PendingCall("books", null, simulation.Time.Now, () =>
            {
                addition();
                Check();
            }, _ => { })
            { MayCrash = true });
        }
    }

    /// <summary>Once all accounts are added, the host has what they have together.</summary>
    public void End()
    {
        foreach (var addition in Read(simulation.Accounts)) addition();
        Check();
        CheckHours();
        var (host, accounts) = (Host(), Accounts(withEnded: false));
        // What was added before a fail-over stays, though the accounts have lost it.
        if (simulation.Scenario.Faults.HasFlag(Faults.FailOver)) return;
        // Of an account that has ended they have what was read before.
        Rule.Holds(
            simulation.Accounts.All(account => account.Ended.Count == 0) ? host == accounts : IsWithin(accounts, host),
            "The host's books have what all accounts have", $"{host}, {accounts}");
    }

    private List<Action> Read(IReadOnlyList<SimulatedAccount> accounts)
    {
        foreach (var account in accounts) simulation.EndIfDue(account);
        var additions = simulation.Store.Scripts.Postponed = [];
        var isRead = simulation.Store.HostBooks.IncludeAsync([.. accounts.Select(account => account.Id)]).GetAwaiter().GetResult();
        simulation.Store.Scripts.Postponed = null;
        Rule.Holds(isRead && simulation.Store.Scripts.Error is null, "Scripts do not fail", $"{simulation.Store.Scripts.Error}");
        return additions;
    }

    /// <summary>Sums only grow, so an addition that is late has no more than there is.</summary>
    private void Check()
    {
        Rule.Holds(simulation.Store.Scripts.Error is null, "Scripts do not fail", $"{simulation.Store.Scripts.Error}");
        if (simulation.Scenario.Faults.HasFlag(Faults.FailOver)) return;
        var (host, accounts) = (Host(), Accounts(withEnded: true));
        Rule.Holds(IsWithin(host, accounts), "The host's books have each unit once", $"{host}, {accounts}");
        _hours.Record(_host, host, simulation.Store.Clock.Now);
        _host = host;
    }

    private void CheckHours()
    {
        // A clock that was ahead leaves hours that have more than what there was by their end.
        if (simulation.Scenario.Faults.HasFlag(Faults.Clock)) return;
        foreach (var account in simulation.Accounts.Append(simulation.Debt).Where(account => account.State.Exists))
        {
            var (hours, days) = simulation.Store.ReadHours(BalanceKeys.Account(account.Id));
            account.Books.Hours.Check(hours, days, isWhole: simulation.OpenAt == 0 || account == simulation.Debt);
        }
        if (simulation.Scenario.Faults.HasFlag(Faults.FailOver)) return;
        var host = simulation.Store.ReadHours(BalanceKeys.HostBooks);
        _hours.Check(host.Hours, host.Days, isWhole: true);
    }

    private static bool IsWithin(BookTotals less, BookTotals more) =>
        less.PaidByStream <= more.PaidByStream && less.PaidByReceipt <= more.PaidByReceipt && less.PaidByWallet <= more.PaidByWallet
        && less.AdjustedUp <= more.AdjustedUp && less.AdjustedDown <= more.AdjustedDown && less.Requests <= more.Requests
        && less.Running <= more.Running && less.Deploys <= more.Deploys && less.Calls <= more.Calls && less.Forfeited <= more.Forfeited
        && less.Refunded <= more.Refunded && less.GivenBack <= more.GivenBack;

    private BookTotals Host() => simulation.Store.ReadHostTotals();

    private BookTotals Accounts(bool withEnded)
    {
        var books = simulation.Accounts.Select(account => account.State.Books).ToList();
        if (withEnded) books.AddRange(simulation.Accounts.SelectMany(account => account.Ended));
        return new BookTotals
        {
            PaidByStream = Sum(totals => totals.PaidByStream),
            PaidByReceipt = Sum(totals => totals.PaidByReceipt),
            PaidByWallet = Sum(totals => totals.PaidByWallet),
            AdjustedUp = Sum(totals => totals.AdjustedUp),
            AdjustedDown = Sum(totals => totals.AdjustedDown),
            Requests = Sum(totals => totals.Requests),
            Running = Sum(totals => totals.Running),
            Deploys = Sum(totals => totals.Deploys),
            Calls = Sum(totals => totals.Calls),
            Forfeited = Sum(totals => totals.Forfeited),
            Refunded = Sum(totals => totals.Refunded),
            GivenBack = Sum(totals => totals.GivenBack),
        };

        ulong Sum(Func<BookTotals, ulong> kind) => books.Aggregate(0UL, (sum, totals) => sum + kind(totals));
    }
}
