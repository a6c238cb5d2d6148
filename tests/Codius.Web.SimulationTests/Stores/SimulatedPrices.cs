using Codius.Web.Balances;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>What an account must have been paid to be kept for good, in the scenario that runs now.</summary>
internal sealed class SimulatedPrices : IOwnPrices
{
    /// <summary>Without a lower price of their own, accounts are kept for good once they are paid at all.</summary>
    public static Prices Kept { get; } = new(1, 1, 60, ulong.MaxValue);

    /// <summary>In units; 0: whatever it was paid.</summary>
    public ulong OpenAt { get; set; }

    public Prices Of(AccountId account) => Kept with { OpenAt = OpenAt };
}
