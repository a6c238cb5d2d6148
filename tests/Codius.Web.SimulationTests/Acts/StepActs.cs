using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Does what each step of a scenario says.</summary>
internal sealed class StepActs
{
    private readonly Simulation _simulation;
    private readonly VisitActs _visits;
    private readonly CreditActs _credits;
    private readonly Dictionary<SimulatedAccount, MoneyActs> _money;
    private readonly ConnectorActs _connectors;
    private readonly HostBooksActs _books;
    private readonly WalletActs _wallet;
    private readonly FaultActs _faults;

    public StepActs(Simulation simulation)
    {
        _simulation = simulation;
        _visits = new VisitActs(simulation);
        var payers = simulation.Accounts.ToDictionary(account => account, account => new SimulatedPayer(simulation, account));
        _credits = new CreditActs(simulation, payers);
        _money = payers.ToDictionary(pair => pair.Key, pair => new MoneyActs(simulation, pair.Value, _credits));
        _connectors = new ConnectorActs(simulation);
        _books = new HostBooksActs(simulation);
        _wallet = new WalletActs(simulation, _credits);
        _faults = new FaultActs(simulation);
    }

    public void Begin()
    {
        foreach (var (account, money) in _money) _simulation.On(account, money.Begin);
    }

    /// <summary>The step is about the current account.</summary>
    public void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Pass:
                _simulation.Pass(step.A, step.B == 1);
                break;
            case StepKind.PassToEnd:
                if (_simulation.Account.EndsAt is { } end)
                    _simulation.Pass(Math.Max(0, end - _simulation.Store.Clock.Now - 20 * step.A), hold: step.B % 2 == 0);
                break;
            case StepKind.DeliverAll:
                _simulation.DeliverAll();
                break;
            case StepKind.Deliver:
                _simulation.Deliver(step.A);
                break;
            case StepKind.DeliverTogether:
                _simulation.DeliverTogether(step);
                break;
            case <= StepKind.Leave:
                _visits.Do(step);
                break;
            case >= StepKind.PayPacket and <= StepKind.EndDeploy:
                _money[_simulation.Current].Do(step);
                break;
            case StepKind.PayAll:
                _credits.PayAll(step);
                break;
            case >= StepKind.Owe and <= StepKind.SettleDebt:
                _connectors.Do(step);
                break;
            case >= StepKind.OpenPayment and <= StepKind.ClaimLooks:
                _wallet.Do(step);
                break;
            case StepKind.IncludeHost:
                _books.Do(step);
                break;
            default:
                _faults.Do(step);
                break;
        }
    }

    public void End() => new Ending(_simulation, _visits, _books, _connectors, _wallet).Run();
}
