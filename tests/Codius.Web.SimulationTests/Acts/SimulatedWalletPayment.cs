using System.Globalization;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>An incoming payment at the host's receiving wallet: what the wallet has of it, and what the gateways were told.</summary>
internal sealed class SimulatedWalletPayment
{
    private readonly List<(long ShownAt, ulong Units)> _packets = [];
    private readonly long _ends;
    private bool _isCompleted;

    public SimulatedWalletPayment(SimulatedAccount account, int number, long now, long lasts)
    {
        (Account, Number, _ends) = (account, number, now + lasts);
        Kept = new WalletPayment(
            new Guid(number + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), account.Id, "creator",
            new Uri(string.Create(CultureInfo.InvariantCulture, $"https://wallet.example/{number}")), "test.wallet", "secret", null,
            DateTimeOffset.FromUnixTimeMilliseconds(now), DateTimeOffset.FromUnixTimeMilliseconds(_ends), "terms");
    }

    public SimulatedAccount Account { get; }

    /// <summary>Its number among all of the simulation.</summary>
    public int Number { get; }

    public WalletPayment Kept { get; }

    /// <summary>True once its payer has the means to pay it: the gateways keep it.</summary>
    public bool IsOffered { get; set; }

    /// <summary>All that the wallet has received.</summary>
    public ulong Received { get; private set; }

    /// <summary>A packet arrives; the wallet shows it a moment later, also if the payment is completed by then.</summary>
    public void Receive(ulong units, long now, long shownAfter)
    {
        if (!IsOffered || _isCompleted || now >= _ends) return;
        _packets.Add((now + shownAfter, units));
        Received += units;
    }

    /// <summary>What the wallet says, after it has completed the payment if it should.</summary>
    public WalletReading Read(long now, bool completes)
    {
        _isCompleted |= completes;
        return new WalletReading(
            _packets.Where(packet => packet.ShownAt <= now).Aggregate(0UL, (sum, packet) => sum + packet.Units), _isCompleted,
            CanBePaid: !_isCompleted && now < _ends);
    }
}

/// <summary>What the receiving wallet says of a payment.</summary>
internal sealed record WalletReading(ulong Total, bool IsCompleted, bool CanBePaid);
