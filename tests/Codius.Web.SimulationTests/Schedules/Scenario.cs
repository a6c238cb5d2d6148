using System.Globalization;

namespace Codius.Web.SimulationTests.Schedules;

/// <summary>All that decides a simulation: the same scenario is the same run.</summary>
/// <param name="Gateways">How many gateways there are at the beginning.</param>
/// <param name="Price">The price of a request.</param>
/// <param name="Paid">How many prices the account has at the beginning.</param>
/// <param name="Cap">The owner's cap in prices; 0 for none.</param>
/// <param name="MaxOut">The most a gateway leases, in prices; 0 for no bound.</param>
/// <param name="Running">True if running time has a price.</param>
/// <param name="Faults">What may go wrong.</param>
/// <param name="Accounts">How many accounts there are; each begins with as much, and has the same cap.</param>
/// <param name="OpenAt">What an account must be paid to be kept for good, in prices; 0 if each is.</param>
/// <param name="Steps">What happens.</param>
internal sealed record Scenario(
    int Gateways, ulong Price, int Paid, int Cap, int MaxOut, bool Running, Faults Faults, int Accounts, ulong OpenAt,
    IReadOnlyList<Step> Steps)
{
    public static Scenario Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Scenario(
            Number(0), ulong.Parse(parts[1], CultureInfo.InvariantCulture), Number(2), Number(3), Number(4), Number(5) == 1,
            (Faults)Number(6), Number(7), (ulong)Number(8), [.. parts[9..].Select(Step.Parse)]);

        int Number(int at) => int.Parse(parts[at], CultureInfo.InvariantCulture);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Gateways} {Price} {Paid} {Cap} {MaxOut} {(Running ? 1 : 0)} {(int)Faults} {Accounts} {OpenAt} {string.Join(' ', Steps)}");
}
