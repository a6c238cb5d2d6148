using Codius.Web.Balances;
using Codius.Web.SimulationTests.Gateways;

namespace Codius.Web.SimulationTests.Acts;

/// <summary>A step of a lease on its way, and what the store has answered.</summary>
/// <param name="Gateway">Whose lease it is.</param>
/// <param name="Account">Its account.</param>
/// <param name="Request">What it asks for.</param>
internal sealed record SentLease(SimulatedGateway Gateway, SimulatedAccount Account, LeaseRequest Request)
{
    /// <summary>The result of the last run.</summary>
    public LeaseResult Result { get; set; } = new(LeaseOutcome.Unavailable);
}
