using Codius.Web.SimulationTests.Acts;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>A call that was sent to the ledger, and whose fate is not decided yet.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Sender">The gateway that waits for its answer; null if no gateway does.</param>
/// <param name="Since">When it was sent.</param>
/// <param name="Execute">Runs it on the store, which checks what it did; may be run again.</param>
/// <param name="Answer">Gives the sender the result of the last run or, if false, none.</param>
internal sealed record PendingCall(string Name, SimulatedGateway? Sender, long Since, Action Execute, Action<bool> Answer)
{
    /// <summary>True if the store may crash within its script.</summary>
    public bool MayCrash { get; init; }

    /// <summary>The step of a lease that it is, which may share a script with others; null: it is another call.</summary>
    public SentLease? Lease { get; init; }
}
