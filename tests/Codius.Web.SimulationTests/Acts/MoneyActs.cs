using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Payers, the host's changes by hand, deploys; each with what it must do to the account.</summary>
internal sealed class MoneyActs
{
    private readonly Simulation _simulation;
    private readonly RunningActs _running;
    private readonly List<(int Id, ulong Amount, DateTimeOffset Deadline)> _packets = [];
    private readonly List<SimulatedDeploy> _deploys = [];
    private readonly ulong[] _received = new ulong[3];
    private readonly DateTimeOffset _start;

    public MoneyActs(Simulation simulation)
    {
        _simulation = simulation;
        _running = new RunningActs(simulation);
        _start = DateTimeOffset.FromUnixTimeMilliseconds(simulation.Time.Now);
    }

    private ulong Price => _simulation.Scenario.Price;

    private IBalanceLedger Ledger => _simulation.Store.Ledger;

    public void Begin()
    {
        if (_simulation.Scenario.Paid == 0) return;
        Credited(Packet(NewPacket((ulong)_simulation.Scenario.Paid)));
    }

    public void Do(Step step)
    {
        var prices = (ulong)(step.B % 30 + 1);
        switch (step.Kind)
        {
            case StepKind.PayPacket:
                var packet = SomePacket(step.A, prices);
                Send(() => Credited(Packet(packet)));
                break;
            case StepKind.PayReceipt:
                Send(() => Credited(Receipt((byte)(step.A % 3), prices * Price)));
                break;
            case StepKind.PayWallet:
                Send(() => Credited(Wallet(step.A % 3, prices * Price)));
                break;
            case StepKind.Receive:
                _received[step.A % 3] += step.A % 2 == 0 ? prices * Price : prices;
                break;
            case StepKind.Look:
                // What the wallet says now; by then it may have received more, and another gateway may have seen that.
                var (payment, seen) = (step.A % 3, _received[step.A % 3]);
                for (var gateways = 0; gateways < 1 + step.B % 2; gateways++) Send(() => Credited(Wallet(payment + 10, seen)));
                break;
            case StepKind.PayTogether:
                Send(() => Together(step));
                break;
            case StepKind.Change:
                Send(() => Change(step.A % 4, $"change {step.A % 11}", prices * Price));
                break;
            case StepKind.Deploy:
                Send(SomeDeploy(step.A, prices).Reserve);
                break;
            case StepKind.EndDeploy:
                if (_deploys.Count > 0) Send(() => _deploys[step.A % _deploys.Count].End(step.B % 2 == 0));
                break;
            default:
                Send(() => _running.Do(step));
                break;
        }
    }

    private void Send(Action execute)
    {
        var account = _simulation.Current;
        _simulation.Pending.Add(
            new PendingCall("money", null, _simulation.Time.Now, () => _simulation.On(account, execute), _ => { }));
    }

    /// <summary>One that was sent before, or a new one.</summary>
    private (int Id, ulong Amount, DateTimeOffset Deadline) SomePacket(int drawn, ulong prices) =>
        drawn % 3 == 0 && _packets.Count > 0 ? _packets[drawn % _packets.Count] : NewPacket(prices);

    private SimulatedDeploy SomeDeploy(int drawn, ulong prices)
    {
        if (drawn % 3 == 0 && _deploys.Count > 0) return _deploys[drawn % _deploys.Count];
        _deploys.Add(new SimulatedDeploy(_simulation, prices * Price));
        return _deploys[^1];
    }

    private (int Id, ulong Amount, DateTimeOffset Deadline) NewPacket(ulong prices)
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(_simulation.Store.Clock.Now + 30_000);
        _packets.Add((_packets.Count, prices * Price, deadline));
        return _packets[^1];
    }

    private (ulong Units, Task<CreditResult> Call) Packet((int Id, ulong Amount, DateTimeOffset Deadline) packet)
    {
        var condition = SHA256.HashData(Encoding.UTF8.GetBytes($"{_simulation.Id} {packet.Id}"));
        var inTime = _simulation.Store.Clock.Now <= packet.Deadline.ToUnixTimeMilliseconds();
        var units = _simulation.Books.Packet(packet.Id, packet.Amount, inTime);
        return (units, Ledger.CreditAsync(
            new PacketCredit(_simulation.Id, packet.Amount, condition, packet.Deadline.AddSeconds(1), packet.Deadline), default).AsTask());
    }

    private (ulong Units, Task<CreditResult> Call) Receipt(byte stream, ulong total)
    {
        var nonce = SHA256.HashData(Encoding.UTF8.GetBytes($"{_simulation.Id}"))[..16];
        return (_simulation.Books.Receipt(stream, total), Ledger.CreditAsync(
            new ReceiptCredit(_simulation.Id, nonce, stream, total, _start.AddMinutes(-1), _start.AddDays(1), Unbound: false),
            default).AsTask());
    }

    private (ulong Units, Task<CreditResult> Call) Wallet(int payment, ulong total)
    {
        var id = new Guid(payment + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var terms = new IncomingTerms(id, "creator", null, _start, _start.AddDays(1), "terms");
        return (_simulation.Books.Wallet(payment, total), Ledger.CreditAsync(
            new WalletCredit(_simulation.Id, terms, total, Completed: false, _start.AddDays(2)), default).AsTask());
    }

    /// <summary>While the first credit is under way the others wait for it, and share the next script; one may be there twice.</summary>
    private void Together(Step step)
    {
        var underWay = new TaskCompletionSource();
        _simulation.Store.Scripts.CreditsWaitFor = underWay.Task;
        List<(ulong Units, Task<CreditResult> Call)> credits = [];
        for (var i = 0; i < 2 + step.A % 5; i++)
        {
            var prices = (ulong)((step.B + 7 * i) % 30 + 1);
            var (units, call) = i % 3 == 1 ? Receipt((byte)(step.B % 3), prices * Price) : Packet(SomePacket(step.B + i, prices));
            credits.Add((units, call));
        }
        _simulation.Store.Scripts.CreditsWaitFor = Task.CompletedTask;
        underWay.SetResult();
        Task.WhenAll(credits.Select(credit => credit.Call)).GetAwaiter().GetResult();
        foreach (var credit in credits) Credited(credit);
    }

    private void Credited((ulong Units, Task<CreditResult> Call) credit)
    {
        var result = _simulation.Execute(new ValueTask<CreditResult>(credit.Call), "", out var before);
        var now = _simulation.Account;
        Rule.Holds(result.Increase == credit.Units, "A payer learns what was credited", $"{result} of {credit.Units}");
        Rule.Holds(now.Spent == before.Spent, "A credit spends nothing", $"{before}, {now}");
    }

    /// <summary>Spends, gives back, adjusts up or down: whole or not at all, and once for each id.</summary>
    private void Change(int kind, string id, ulong amount)
    {
        id = $"{id} {kind}";
        var clock = _simulation.Store.Clock.Now;
        var isNew = _simulation.Books.IsNew(id, clock);
        var had = _simulation.Account;
        // Only the script knows whether an adjustment finds enough; it is counted first, and taken back if it did not.
        var backup = _simulation.Books.Clone();
        var call = kind switch
        {
            0 => Ledger.SpendAsync(_simulation.Id, amount, default, id),
            1 => Ledger.RefundAsync(_simulation.Id, amount, id, "a test", "a test", default),
            2 => Ledger.AdjustAsync(_simulation.Id, (long)amount, id, "a test", "a test", default),
            _ => Ledger.AdjustAsync(_simulation.Id, -(long)amount, id, "a test", "a test", default),
        };
        var result = call.AsTask().GetAwaiter().GetResult();
        var done = result.Outcome == SpendOutcome.Done;
        Rule.Holds(!done || isNew, "A change with an id is made once", $"{id}");
        Rule.Holds(
            (result.Outcome == SpendOutcome.Repeated) == !isNew || (result.Outcome == SpendOutcome.NoAccount && !had.Exists),
            "A change with an id is made once", $"{id}: {result}");
        _simulation.Current.Books = backup;
        if (done)
        {
            if (kind == 2) _simulation.Books.Adjust(amount);
            if (kind == 3) _simulation.Books.Adjust(unchecked(0 - amount));
        }
        _simulation.Execute(new ValueTask<SpendResult>(result), "", out had);
        if (done) _simulation.Books.Add(id, clock);
        var spent = (long)(_simulation.Account.Spent - had.Spent);
        var expected = !done ? 0 : kind == 0 ? (long)amount : kind == 1 ? -(long)amount : 0;
        Rule.Holds(spent == expected, "A change is made whole or not at all", $"{id} {amount}: {had}, {_simulation.Account}");
    }
}
