namespace Codius.Web.SimulationTests;

/// <summary>Short scenarios by the rule that they show; one found by the simulation goes here with the rule that it broke.</summary>
internal static class KeptScenarios
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
    };
}
