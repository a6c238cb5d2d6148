using CsCheck;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>What no one thought of; a failure names its seed and the case as a line for the corpus.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class MadeUpExchangesTests(DifferentialStage stage)
{
    private const int CasesOfAWire = 150;

    [Theory]
    [MemberData(nameof(Wires))]
    public Task The_gateway_makes_no_difference(Wire wire) => MadeUpExchanges.All.SampleAsync(
        exchange => stage.CompareAsync(exchange, wire), iter: CasesOfAWire, threads: 1, print: exchange => exchange.ToString());

    public static TheoryData<Wire> Wires => [.. Differential.Wires.All];
}
