using Codius.Web.Balances;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>A mistake that a gateway makes on purpose in each of its lease requests.</summary>
internal sealed record GatewayMutation(string Name)
{
    public Func<LeaseRequest, LeaseRequest> Request { get; init; } = request => request;

    public Func<LeaseResult, LeaseResult> Answer { get; init; } = result => result;

    public override string ToString() => Name;
}
