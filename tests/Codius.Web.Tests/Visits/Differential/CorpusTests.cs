namespace Codius.Web.Tests.Visits.Differential;

/// <summary>An app behind the gateway gets the requests and gives the answers that it would get and give without it.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class CorpusTests(DifferentialStage stage)
{
    public static TheoryData<string, Wire> Cases => Corpus.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_gateway_makes_no_difference(string line, Wire wire) => stage.CompareAsync(Exchange.Parse(line), wire);
}
