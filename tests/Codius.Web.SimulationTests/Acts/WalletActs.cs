using System.Net;
using Codius.Web.Balances;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>
/// Payments at the host's receiving wallet: payers open them, hint at them, pay them or never do; any gateway looks at those that are due
/// and credits what it sees.
/// </summary>
internal sealed class WalletActs(Simulation simulation, CreditActs credits)
{
    /// <summary>Others have lower numbers, which no gateway looks at.</summary>
    private const int FirstNumber = 100;

    private const int MostRounds = 1000, MostLooks = 64;

    private readonly List<SimulatedWalletPayment> _payments = [];
    private readonly Dictionary<SimulatedGateway, SimulatedLooks> _looks = [];

    private SimulatedWalletPayment? Some(int drawn) => _payments.Count > 0 ? _payments[drawn % _payments.Count] : null;

    public void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.OpenPayment:
                Open(step);
                break;
            case StepKind.PayOpen:
                var units = (ulong)(step.B % 30 + 1) * simulation.Scenario.Price;
                Some(step.A)?.Receive(units, simulation.Time.Now, shownAfter: step.B % 4 * 500);
                break;
            case StepKind.HintLook when Some(step.A) is { } payment:
                Send(() =>
                {
                    var id = payment.Kept.Id;
                    var looks = simulation.Store.Looks;
                    (step.B % 6 == 0 ? looks.CloseAsync(id).AsTask() : looks.HintAsync(id).AsTask()).GetAwaiter().GetResult();
                });
                break;
            case StepKind.ClaimLooks:
                var running = simulation.Gateways.Where(gateway => gateway.IsRunning).ToList();
                if (running.Count > 0) Of(running[step.A % running.Count]).Claim(1 + step.B % 3);
                break;
        }
    }

    /// <summary>Faults have ended: what the wallet received is credited, all of it, and each payment comes to its end.</summary>
    public void End(SimulatedGateway[] gateways)
    {
        if (_payments.Count == 0) return;
        for (var (rounds, wait) = (0, (TimeSpan?)TimeSpan.Zero); wait is not null; rounds++)
        {
            Rule.Holds(rounds < MostRounds, "Each payment at the wallet comes to its end", $"{simulation.Store.ReadLooks()}");
            simulation.Pass((long)wait.Value.TotalMilliseconds + 1, hold: false);
            var looks = Of(gateways[rounds % gateways.Length]);
            looks.Claim(MostLooks);
            simulation.Pump();
            simulation.DeliverAll();
            wait = looks.Next;
        }
        Check();
    }

    private void Check()
    {
        var (faults, kept) = (simulation.Scenario.Faults, simulation.Store.ReadLooks());
        // A crash may leave a place without a payment: until another one is displaced, or its group has one again.
        Rule.Holds(
            kept == default || (kept.Payments == 0 && faults.HasFlag(Faults.CrashStore)),
            "Nothing is kept of payments that have ended", $"{kept}");
        // What was opened in the last second before a fail-over is lost.
        if (faults.HasFlag(Faults.FailOver)) return;
        foreach (var payment in _payments)
        {
            var counted = payment.Account.Books.WalletTotal(payment.Number);
            Rule.Holds(
                counted == payment.Received, "All that the wallet received is credited",
                $"payment {payment.Number}: {counted} of {payment.Received}");
        }
    }

    private void Open(Step step)
    {
        var payment = new SimulatedWalletPayment(
            simulation.Current, FirstNumber + _payments.Count, simulation.Time.Now, lasts: 15_000 + step.B * 60);
        _payments.Add(payment);
        var isKept = false;
        Send(() =>
        {
            var client = new IPAddress([198, 51, 100, (byte)(step.A % 3)]);
            isKept = simulation.Store.Looks.TryOpenAsync(payment.Kept, client, hot: step.B % 3 == 0).AsTask().GetAwaiter().GetResult();
        }, arrives => payment.IsOffered = arrives && isKept);
    }

    private void Send(Action execute, Action<bool>? answer = null)
    {
        var isAnswered = false;
        simulation.Pending.Add(new PendingCall("wallet payment", null, simulation.Time.Now, () =>
        {
            try
            {
                execute();
                isAnswered = true;
            }
            catch (LedgerUnavailableException)
            {
                isAnswered = false;
            }
            Rule.Holds(simulation.Store.Scripts.Error is null, "Scripts do not fail", $"{simulation.Store.Scripts.Error}");
        }, arrives => answer?.Invoke(arrives && isAnswered))
        { MayCrash = true });
    }

    private SimulatedLooks Of(SimulatedGateway gateway)
    {
        if (!_looks.TryGetValue(gateway, out var looks))
            _looks[gateway] = looks = new SimulatedLooks(simulation, gateway, credits, id => _payments.Single(one => one.Kept.Id == id));
        return looks;
    }
}
