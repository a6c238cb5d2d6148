using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Payments.Streaming;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Gateways fulfill packets of a connector, and each books what it owes for them; it settles some of that.</summary>
internal sealed class ConnectorActs(Simulation simulation)
{
    private readonly Dictionary<SimulatedGateway, Writer> _writers = [];

    private IBalanceLedger Ledger => simulation.Store.Ledger;

    public void Do(Step step)
    {
        var units = (ulong)(step.B % 30 + 1) * simulation.Scenario.Price;
        if (step.Kind == StepKind.SettleDebt)
        {
            Send(null, () => Settle($"settlement {step.A % 7}", units), _ => { });
            return;
        }
        var running = simulation.Gateways.Where(gateway => gateway.IsRunning).ToList();
        if (running.Count == 0) return;
        var gateway = running[step.A % running.Count];
        if (!_writers.TryGetValue(gateway, out var writer))
            _writers[gateway] = writer = new Writer(string.Create(CultureInfo.InvariantCulture, $"gateway{gateway.Number}"));
        if (step.Kind == StepKind.Owe) writer.Fulfill(units, step.B % 4 != 0);
        else if (writer.Debt.NextBooking() is { } booking) Book(gateway, writer, booking);
    }

    /// <summary>Faults have ended: what a gateway fulfilled is booked, but for what one that is gone had not booked.</summary>
    public void End()
    {
        foreach (var (gateway, writer) in _writers)
        {
            while (!gateway.IsGone && writer.Debt.NextBooking() is { } booking && Execute(writer, booking) is { } funds)
                writer.Debt.Booked(funds, booking);
            // What was booked in the last second before a fail-over is lost.
            if (simulation.Scenario.Faults.HasFlag(Faults.FailOver)) continue;
            Rule.Holds(
                gateway.IsGone ? writer.Booked <= writer.Fulfilled : writer.Booked == writer.Fulfilled,
                "What a connector owes is booked once", $"{writer.Id}: {writer.Booked} of {writer.Fulfilled}");
        }
    }

    private void Book(SimulatedGateway gateway, Writer writer, ConnectorDebt.Booking booking)
    {
        ulong? funds = null;
        Send(gateway, () => funds = Execute(writer, booking), arrives =>
        {
            if (arrives && gateway.IsRunning && funds is { } total) writer.Debt.Booked(total, booking);
        });
    }

    private void Send(SimulatedGateway? gateway, Action execute, Action<bool> answer) => simulation.Pending.Add(
        new PendingCall("debt", gateway, simulation.Time.Now, () => simulation.On(simulation.Debt, execute), answer)
        {
            MayCrash = gateway is not null,
        });

    private ulong? Execute(Writer writer, ConnectorDebt.Booking booking)
    {
        SpendResult result = default;
        simulation.On(simulation.Debt, () =>
        {
            var before = simulation.Books.Clone();
            var units = simulation.Books.Booking(writer.Id, booking.Sequence, booking.Amount);
            result = Ledger.BookAsync(simulation.Id, booking.Amount, writer.Id, booking.Sequence, default)
                .AsTask().GetAwaiter().GetResult();
            // The store has crashed before it wrote the money and the number, which are written together.
            if (result.Outcome == SpendOutcome.Unavailable && simulation.Store.Scripts.Account.Credited == simulation.Account.Credited)
                (simulation.Debt.Books, units) = (before, 0);
            simulation.Execute(new ValueTask<SpendResult>(result), "", out _);
            Rule.Holds(
                result.Outcome == SpendOutcome.Unavailable || (result.Outcome == SpendOutcome.Done) == units > 0, "A booking counts once",
                $"{writer.Id} {booking}: {result}");
            writer.Booked += units;
        });
        return result.Outcome == SpendOutcome.Unavailable ? null : result.Funds;
    }

    private void Settle(string id, ulong units)
    {
        var (isNew, clock) = (simulation.Books.IsNew(id, simulation.Store.Clock.Now), simulation.Store.Clock.Now);
        var result = Ledger.AdjustAsync(simulation.Id, -(long)units, id, "a test", "a test", default).AsTask().GetAwaiter().GetResult();
        Rule.Holds(result.Outcome != SpendOutcome.Done || isNew, "A settlement with an id counts once", $"{id}: {result}");
        if (result.Outcome == SpendOutcome.Done)
        {
            simulation.Books.Adjust(unchecked(0 - units));
            simulation.Books.Add(id, clock);
        }
        simulation.Execute(new ValueTask<SpendResult>(result), "", out _);
    }

    /// <summary>What one gateway knows of the connector's debt.</summary>
    private sealed class Writer(string id)
    {
        public string Id => id;

        public ConnectorDebt Debt { get; } = new();

        public ulong Fulfilled { get; private set; }

        /// <summary>What the ledger has booked for it.</summary>
        public ulong Booked { get; set; }

        public void Fulfill(ulong units, bool fulfilled)
        {
            if (!Debt.TryBegin(units, ulong.MaxValue / 2)) return;
            Debt.End(units, fulfilled);
            if (fulfilled) Fulfilled += units;
        }
    }
}
