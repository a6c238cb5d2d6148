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
        Packet(NewPacket((ulong)_simulation.Scenario.Paid));
    }

    public void Do(Step step)
    {
        var prices = (ulong)(step.B % 30 + 1);
        switch (step.Kind)
        {
            case StepKind.PayPacket:
                var packet = step.A % 3 == 0 && _packets.Count > 0 ? _packets[step.A % _packets.Count] : NewPacket(prices);
                Send(() => Packet(packet));
                break;
            case StepKind.PayReceipt:
                Send(() => Receipt((byte)(step.A % 3), prices * Price));
                break;
            case StepKind.PayWallet:
                Send(() => Wallet(step.A % 3, prices * Price));
                break;
            case StepKind.Change:
                Send(() => Change(step.A % 4, $"change {step.A % 11}", prices * Price));
                break;
            case StepKind.Deploy:
                var deploy = new SimulatedDeploy(_simulation, _deploys.Count, prices * Price);
                _deploys.Add(deploy);
                Send(deploy.Reserve);
                break;
            case StepKind.EndDeploy:
                if (_deploys.Count > 0) Send(() => _deploys[step.A % _deploys.Count].End(step.B % 2 == 0));
                break;
            default:
                Send(() => _running.Do(step));
                break;
        }
    }

    private void Send(Action execute) =>
        _simulation.Pending.Add(new PendingCall("money", null, _simulation.Time.Now, execute, _ => { }));

    private (int Id, ulong Amount, DateTimeOffset Deadline) NewPacket(ulong prices)
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(_simulation.Store.Clock.Now + 30_000);
        _packets.Add((_packets.Count, prices * Price, deadline));
        return _packets[^1];
    }

    private void Packet((int Id, ulong Amount, DateTimeOffset Deadline) packet)
    {
        var condition = SHA256.HashData(Encoding.UTF8.GetBytes($"{_simulation.Id} {packet.Id}"));
        var inTime = _simulation.Store.Clock.Now <= packet.Deadline.ToUnixTimeMilliseconds();
        var units = _simulation.Books.Packet(packet.Id, packet.Amount, inTime);
        Credited(units, Ledger.CreditAsync(
            new PacketCredit(_simulation.Id, packet.Amount, condition, packet.Deadline.AddSeconds(1), packet.Deadline), default));
    }

    private void Receipt(byte stream, ulong total)
    {
        var nonce = SHA256.HashData(Encoding.UTF8.GetBytes($"{_simulation.Id}"))[..16];
        Credited(_simulation.Books.Receipt(stream, total), Ledger.CreditAsync(
            new ReceiptCredit(_simulation.Id, nonce, stream, total, _start.AddMinutes(-1), _start.AddDays(1), Unbound: false), default));
    }

    private void Wallet(int payment, ulong total)
    {
        var id = new Guid(payment + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var terms = new IncomingTerms(id, "creator", null, _start, _start.AddDays(1), "terms");
        Credited(_simulation.Books.Wallet(payment, total), Ledger.CreditAsync(
            new WalletCredit(_simulation.Id, terms, total, Completed: false, _start.AddDays(2)), default));
    }

    private void Credited(ulong units, ValueTask<CreditResult> call)
    {
        var result = _simulation.Execute(call, "", out var before);
        var now = _simulation.Account;
        Rule.Holds(result.Increase == units, "A payer learns what was credited", $"{result} of {units}");
        Rule.Holds(now.Spent == before.Spent, "A credit spends nothing", $"{before}, {now}");
    }

    /// <summary>Spends, gives back, adjusts up or down: whole or not at all, and once for each id.</summary>
    private void Change(int kind, string id, ulong amount)
    {
        id = $"{id} {kind}";
        var isNew = _simulation.Books.IsNew(id);
        var had = _simulation.Account;
        // Only the script knows whether an adjustment finds enough; it is counted first, and taken back if it did not.
        var backup = _simulation.Books.Clone();
        var call = kind switch
        {
            0 => Ledger.SpendAsync(_simulation.Id, amount, default, id),
            1 => Ledger.RefundAsync(_simulation.Id, amount, id, "a test", default),
            2 => Ledger.AdjustAsync(_simulation.Id, (long)amount, id, "a test", default),
            _ => Ledger.AdjustAsync(_simulation.Id, -(long)amount, id, "a test", default),
        };
        var result = call.AsTask().GetAwaiter().GetResult();
        var done = result.Outcome == SpendOutcome.Done;
        Rule.Holds(!done || isNew, "A change with an id is made once", $"{id}");
        Rule.Holds((result.Outcome == SpendOutcome.Repeated) == !isNew, "A change with an id is made once", $"{id}: {result}");
        _simulation.Books = backup;
        if (done)
        {
            _simulation.Books.Add(id);
            if (kind == 2) _simulation.Books.Adjust(amount);
            if (kind == 3) _simulation.Books.Adjust(unchecked(0 - amount));
        }
        _simulation.Execute(new ValueTask<SpendResult>(result), "", out _);
        var spent = (long)(_simulation.Account.Spent - had.Spent);
        var expected = !done ? 0 : kind == 0 ? (long)amount : kind == 1 ? -(long)amount : 0;
        Rule.Holds(spent == expected, "A change is made whole or not at all", $"{id} {amount}: {had}, {_simulation.Account}");
    }
}
