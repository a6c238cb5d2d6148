namespace Codius.Web.SimulationTests;

/// <summary>Short scenarios by the rule that they show; one found by the simulation goes here with the rule that it broke.</summary>
internal static class KeptScenarios
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Its first request was late, and so was the one that settled it: both came again after it had been used up and had ended.
        ["a lease that has ended does not begin anew"] =
            "2 1 199 0 0 1 10 Pass.190.0 Visit.601.589 Start.951.786 PayReceipt.23.471 Deliver.997.683 Delay.551.653 Visit.229.572 "
            + "Deliver.231.1 Answer.967.643 Pass.826.1 Delay.395.366 Pass.1350.0",
        // A deploy's lease had expired, and only the first bill returned it.
        ["what an expired lease held is billed"] =
            "2 4 4 0 16 1 128 PayReceipt.844.807 Visit.799.220 Visit.230.189 Deploy.933.312",
    };
}
