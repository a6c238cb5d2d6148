using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>What an account is paid, the host's changes by hand, deploys; each with what it must do to the account.</summary>
internal sealed class MoneyActs(Simulation simulation, SimulatedPayer payer, CreditActs credits)
{
    private readonly RunningActs _running = new(simulation);
    private readonly List<SimulatedDeploy> _deploys = [];
    private readonly ulong[] _received = new ulong[3];

    private ulong Price => simulation.Scenario.Price;

    private IBalanceLedger Ledger => simulation.Store.Ledger;

    public void Begin()
    {
        if (simulation.Scenario.Paid > 0) credits.Run(payer.NewPacket((ulong)simulation.Scenario.Paid * Price));
    }

    public void Do(Step step)
    {
        var prices = (ulong)(step.B % 30 + 1);
        switch (step.Kind)
        {
            case StepKind.PayPacket:
                Send(payer.SomePacket(step.A, prices * Price));
                break;
            case StepKind.PayReceipt:
                Send(payer.Receipt((byte)(step.A % 3), prices * Price));
                break;
            case StepKind.PayWallet:
                Send(payer.Wallet(step.A % 3, prices * Price));
                break;
            case StepKind.Receive:
                _received[step.A % 3] += step.A % 2 == 0 ? prices * Price : prices;
                break;
            case StepKind.Look:
                // What the wallet says now; by then it may have received more, and another gateway may have seen that.
                var (payment, seen) = (step.A % 3, _received[step.A % 3]);
                for (var gateways = 0; gateways < 1 + step.B % 2; gateways++) Send(payer.Wallet(payment + 10, seen));
                break;
            case StepKind.PayTogether:
                var together = Together(step);
                Send(() => credits.RunAfterFirst(together));
                break;
            case StepKind.PayConnection:
                // Totals of dust end early, and receipts that are posted after that count from 0 on.
                var ofConnection = simulation.OpenAt == 0 ? payer.PacketOfConnection(prices * Price) : payer.NewPacket(prices * Price);
                Send(() => credits.Run(ofConnection));
                break;
            case StepKind.PayIncoming:
                var ofPayment = payer.PacketOfPayment(prices * Price, step.A % 3, (step.A % 3) switch
                {
                    0 => 10 * Price,
                    1 => 60 * Price,
                    _ => 1000 * Price,
                });
                Send(() => credits.Run(ofPayment));
                break;
            case StepKind.CompleteIncoming:
                Send(() => Complete(step.A % 3));
                break;
            case StepKind.Forfeit:
                Send(() => Forfeit($"forfeit {step.A % 5}"));
                break;
            case StepKind.Change:
                Send(() => Change(step.A % 4, $"change {step.A % 11}", prices * Price));
                break;
            case StepKind.Deploy:
                Send(SomeDeploy(step.A, prices).Reserve, mayCrash: true);
                break;
            case StepKind.EndDeploy:
                if (_deploys.Count > 0) Send(() => _deploys[step.A % _deploys.Count].End(step.B % 2 == 0), mayCrash: true);
                break;
            default:
                Send(() => _running.Do(step), mayCrash: true);
                break;
        }
    }

    private void Send(SimulatedCredit credit) => Send(() => credits.Run(credit), mayCrash: true);

    private void Send(Action execute, bool mayCrash = false)
    {
        var account = simulation.Current;
        simulation.Pending.Add(
            new PendingCall("money", null, simulation.Time.Now, () => simulation.On(account, execute), _ => { }) { MayCrash = mayCrash });
    }

    private SimulatedDeploy SomeDeploy(int drawn, ulong prices)
    {
        if (drawn % 3 == 0 && _deploys.Count > 0) return _deploys[drawn % _deploys.Count];
        _deploys.Add(new SimulatedDeploy(simulation, prices * Price));
        return _deploys[^1];
    }

    private List<SimulatedCredit> Together(Step step)
    {
        List<SimulatedCredit> together = [];
        for (var i = 0; i < 2 + step.A % 5; i++)
        {
            var units = (ulong)((step.B + 7 * i) % 30 + 1) * Price;
            together.Add(i % 3 == 1 ? payer.Receipt((byte)(step.B % 3), units) : payer.SomePacket(step.B + i, units));
        }
        return together;
    }

    private void Complete(int payment)
    {
        var completed = simulation.Store.Incoming.CompleteAsync(simulation.Id, SimulatedPayer.IncomingId(payment)).AsTask();
        Rule.Holds(completed.GetAwaiter().GetResult()?.Completed != false, "A payment that is completed is", $"{payment}");
        simulation.Books.CompletePayment(payment);
    }

    /// <summary>Spends, gives back, adjusts up or down: whole or not at all, and once for each id.</summary>
    private void Change(int kind, string id, ulong amount)
    {
        id = $"{id} {kind}";
        var clock = simulation.Store.Clock.Now;
        var isNew = simulation.Books.IsNew(id, clock);
        var had = simulation.Account;
        // Only the script knows whether an adjustment finds enough; it is counted first, and taken back if it did not.
        var backup = simulation.Books.Clone();
        var call = kind switch
        {
            0 => Ledger.SpendAsync(simulation.Id, amount, default, id),
            1 => Ledger.RefundAsync(simulation.Id, amount, id, "a test", "a test", default),
            2 => Ledger.AdjustAsync(simulation.Id, (long)amount, id, "a test", "a test", default),
            _ => Ledger.AdjustAsync(simulation.Id, -(long)amount, id, "a test", "a test", default),
        };
        var result = call.AsTask().GetAwaiter().GetResult();
        var done = result.Outcome == SpendOutcome.Done;
        Rule.Holds(!done || isNew, "A change with an id is made once", $"{id}");
        Rule.Holds(
            (result.Outcome == SpendOutcome.Repeated) == !isNew || (result.Outcome == SpendOutcome.NoAccount && !had.Exists),
            "A change with an id is made once", $"{id}: {result}");
        simulation.Current.Books = backup;
        if (done)
        {
            if (kind == 2) simulation.Books.Adjust(amount);
            if (kind == 3) simulation.Books.Adjust(unchecked(0 - amount));
        }
        simulation.Execute(new ValueTask<SpendResult>(result), "", out had);
        if (done) simulation.Books.Add(id, clock);
        var spent = (long)(simulation.Account.Spent - had.Spent);
        var expected = !done ? 0 : kind == 0 ? (long)amount : kind == 1 ? -(long)amount : 0;
        Rule.Holds(spent == expected, "A change is made whole or not at all", $"{id} {amount}: {had}, {simulation.Account}");
    }

    /// <summary>All that is left of an account without an owner is spent, or nothing while gateways hold some of it.</summary>
    private void Forfeit(string id)
    {
        var result = simulation.Execute(Ledger.ForfeitAsync(simulation.Id, id, "a test", default), "", out var before);
        var now = simulation.Account;
        var taken = result.Outcome is SpendOutcome.Done or SpendOutcome.Repeated;
        Rule.Holds(!taken || now is { Balance: 0, Leased: 0 }, "What is forfeited is all there is", $"{result}: {before}, {now}");
        Rule.Holds(taken || now.Spent == before.Spent, "What gateways hold is not forfeited", $"{result}: {before}, {now}");
        if (taken) simulation.Books.Wake = 0;
    }
}
