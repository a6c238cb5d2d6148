using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>Pays one account: by packets, by receipts, through the receiving wallet.</summary>
internal sealed class SimulatedPayer(Simulation simulation, SimulatedAccount account)
{
    /// <summary>The stream of the receipts that packets add to.</summary>
    private const byte ConnectionStream = 1;

    private readonly List<(int Id, ulong Amount, DateTimeOffset Deadline)> _packets = [];
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(simulation.Time.Now);

    private ReadOnlyMemory<byte> Nonce => SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id}")).AsMemory(0, 16);

    private IBalanceLedger Ledger => simulation.Store.Ledger;

    public SimulatedCredit NewPacket(ulong amount) => Packet(AddPacket(amount));

    /// <summary>One that was sent before, or a new one.</summary>
    public SimulatedCredit SomePacket(int drawn, ulong amount) =>
        drawn % 3 == 0 && _packets.Count > 0 ? Packet(_packets[drawn % _packets.Count]) : NewPacket(amount);

    public SimulatedCredit Receipt(byte stream, ulong total)
    {
        return new SimulatedCredit($"receipt {stream}", books => books.Receipt(stream, total), () => Ledger.CreditAsync(
            new ReceiptCredit(account.Id, Nonce, stream, total, _start.AddMinutes(-1), _start.AddDays(1), Unbound: false),
            default).AsTask(), IsMarkedLater: true);
    }

    public SimulatedCredit Wallet(int payment, ulong total)
    {
        var id = new Guid(payment + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var terms = new IncomingTerms(id, "creator", null, _start, _start.AddDays(1), "terms");
        return new SimulatedCredit($"wallet {payment}", books => books.Wallet(payment, total), () => Ledger.CreditAsync(
            new WalletCredit(account.Id, terms, total, Completed: false, _start.AddDays(2)), default).AsTask(), IsMarkedLater: false);
    }

    /// <summary>One of a connection with receipts, of the nonce whose receipts are posted, too.</summary>
    public SimulatedCredit PacketOfConnection(ulong amount)
    {
        var (id, _, deadline) = AddPacket(amount);
        return new SimulatedCredit(
            $"packet {id}", books => books.PacketOfConnection(id, amount, IsInTime(deadline), ConnectionStream),
            () => Send(id, amount, deadline, Nonce), IsMarkedLater: true)
        {
            Total = books => books.TotalOf(ConnectionStream),
        };
    }

    /// <summary>One of an incoming payment that takes no more than its amount.</summary>
    public SimulatedCredit PacketOfPayment(ulong amount, int payment, ulong most)
    {
        var (id, _, deadline) = AddPacket(amount);
        var terms = new IncomingTerms(IncomingId(payment), "creator", most, _start, _start.AddDays(30), "terms");
        return new SimulatedCredit(
            $"packet {id}", books => books.PacketOfPayment(id, amount, IsInTime(deadline), payment, most),
            () => Send(id, amount, deadline, payment: terms), IsMarkedLater: true);
    }

    public static Guid IncomingId(int payment) => new(payment + 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private (int Id, ulong Amount, DateTimeOffset Deadline) AddPacket(ulong amount)
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(simulation.Store.Clock.Now + 30_000);
        _packets.Add((_packets.Count, amount, deadline));
        return _packets[^1];
    }

    private SimulatedCredit Packet((int Id, ulong Amount, DateTimeOffset Deadline) packet)
    {
        var (id, amount, deadline) = packet;
        return new SimulatedCredit(
            $"packet {id}", books => books.Packet(id, amount, IsInTime(deadline)), () => Send(id, amount, deadline), IsMarkedLater: true);
    }

    private bool IsInTime(DateTimeOffset deadline) => simulation.Store.Clock.Now <= deadline.ToUnixTimeMilliseconds();

    private Task<CreditResult> Send(
        int id, ulong amount, DateTimeOffset deadline, ReadOnlyMemory<byte> nonce = default, IncomingTerms? payment = null)
    {
        var condition = SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id} {id}"));
        return Ledger.CreditAsync(
            new PacketCredit(account.Id, amount, condition, deadline.AddSeconds(1), deadline, nonce, payment), default).AsTask();
    }
}
