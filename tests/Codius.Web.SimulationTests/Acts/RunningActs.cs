using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Bills of running time and wakes, from any gateway and any number of times.</summary>
internal sealed class RunningActs(Simulation simulation)
{
    private static readonly long Interval = (long)RunningInterval.Length.TotalMilliseconds;

    private ulong PerHour => simulation.Scenario.Price * 60;

    public void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Wake:
                Wake();
                break;
            case StepKind.EndWake:
                EndWake(step.A % 2 == 0, step.B % 2 == 0);
                break;
            default:
                Bill(earned: step.A % 2 == 0, onlyOverdue: step.A % 3 == 0, asleep: step.B % 5 == 0);
                break;
        }
    }

    public SpendOutcome Bill(bool earned, bool onlyOverdue = false, bool asleep = false)
    {
        var bill = new RunningBill(simulation.Id, PerHour, Earned: earned, OnlyOverdue: onlyOverdue, Asleep: asleep);
        var result = Run(simulation.Store.Ledger.BillRunningAsync(bill, default), out _);
        if (result.Outcome == SpendOutcome.Unavailable) return result.Outcome;
        if (result.Outcome == SpendOutcome.NotEnough)
            Rule.Holds(simulation.Account.Balance == 0, "An app is out of funds when nothing is left", $"{simulation.Account}");
        var books = simulation.Books;
        if (onlyOverdue && result.Debited == 0) return result.Outcome;
        books.Wake = earned ? 0 : books.Wake == 0 ? 0 : books.Wake + result.Debited;
        return result.Outcome;
    }

    private void Wake()
    {
        var books = simulation.Books;
        var (unearned, reserved) = (books.Wake, simulation.Scenario.Price);
        var bill = new RunningBill(simulation.Id, PerHour, Waking: true, Reserved: reserved);
        var clock = simulation.Store.Clock.Now;
        var result = Run(simulation.Store.Ledger.BillRunningAsync(bill, default), out var before, wakes: true);
        if (result.Outcome == SpendOutcome.NotEnough)
        {
            Rule.Holds(
                simulation.Account.Funds < RunningInterval.PriceOf(PerHour) + reserved, "A wake is refused for want of money only",
                $"{simulation.Account}");
        }
        if (result.Outcome != SpendOutcome.Done) return;
        Rule.Holds(result.Returned <= unearned, "A wake gives back what was paid, once", $"{result} of {unearned}");
        Rule.Holds(
            before.RanUntil > clock || result.Debited + 1 >= RunningInterval.PriceOf(PerHour), "A wake pays its whole first interval",
            $"{result} at {clock}, {before}");
        books.Wakes++;
        books.Wake = result.Debited;
    }

    private void EndWake(bool givesBack, bool ran)
    {
        var books = simulation.Books;
        var paid = books.Wake;
        var result = Run(
            simulation.Store.Ledger.EndWakeAsync(new WakeEnd(simulation.Id, givesBack ? "a test" : null, PerHour, ran), default), out _);
        Rule.Holds(result.Returned <= paid, "A wake gives back what was paid, once", $"{result} of {paid}");
        if (result.Outcome is not (SpendOutcome.Repeated or SpendOutcome.Unavailable)) books.Wake = 0;
    }

    private RunningResult Run(ValueTask<RunningResult> call, out AccountState before, bool wakes = false)
    {
        var (result, clock, books) = (simulation.Execute(call, "", out before), simulation.Store.Clock.Now, simulation.Books);
        var now = simulation.Account;
        if (result.Outcome == SpendOutcome.Unavailable) result = Crashed(before, now, wakes);
        CheckRest(result, before, now, clock);
        var units = (long)now.Spent - (long)before.Spent;
        Rule.Holds(units == (long)result.Debited - (long)result.Returned, "A bill says what it debited", $"{result}: {before}, {now}");
        books.RunningSince ??= clock;
        books.Ran = (ulong)((long)books.Ran + units);
        // Time is paid once: no more than has passed, and the first minute of each wake.
        if ((simulation.Scenario.Faults & Faults.Clock) != 0) return result;
        var most = (UInt128)PerHour * (ulong)(clock - books.RunningSince.Value + Interval * (books.Wakes + 1)) / 3_600_000 + 1;
        Rule.Holds(books.Ran <= most, "Running time is paid once", $"{books.Ran} of {most}");
        return result;
    }

    /// <summary>The store has crashed within the script, which did all of it or nothing: what it would have answered.</summary>
    private RunningResult Crashed(AccountState before, AccountState now, bool wakes)
    {
        Rule.Holds(simulation.Store.Scripts.HasCrashed, "A store that answers is available", $"{before}, {now}");
        if ((before.Spent, before.RanUntil, before.RanRest, before.Wake) == (now.Spent, now.RanUntil, now.RanRest, now.Wake))
            return new RunningResult(SpendOutcome.Unavailable);
        var outcome = now.Balance == 0 && now.RanRest == 0 ? SpendOutcome.NotEnough : SpendOutcome.Done;
        // What a wake paid is written there.
        var debited = !wakes ? Math.Max(now.Spent, before.Spent) - before.Spent
            : now.Wake is { } wake ? ulong.Parse(wake.Split(',')[0], CultureInfo.InvariantCulture) : 0;
        return new RunningResult(outcome, Debited: debited, Returned: before.Spent + debited - now.Spent);
    }

    /// <summary>Below a unit nothing is lost: what time has cost is debited, or stays as the rest.</summary>
    private void CheckRest(RunningResult result, AccountState before, AccountState now, long clock)
    {
        if (result.Outcome != SpendOutcome.Done || now.RanUntil is not { } until) return;
        var from = before.RanUntil ?? clock;
        // Time before a wake and long gaps are not billed; and a wake that is given back takes its rest with it.
        if (before.Wake is not null || now.Wake is not null || clock - from > 3 * Interval || until < from) return;
        var cost = (UInt128)PerHour * (ulong)(until - from) + before.RanRest;
        Rule.Holds(
            cost == (UInt128)result.Debited * 3_600_000 + now.RanRest, "What is less than a unit of running time is kept",
            $"{result}: {before}, {now}");
    }
}
