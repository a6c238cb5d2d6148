namespace Codius.Web.SimulationTests.Checks;

/// <summary>How a simulation failed.</summary>
internal static class Failure
{
    /// <summary>Runs it; null if all rules hold.</summary>
    public static Exception? Of(Simulation simulation)
    {
        try
        {
            simulation.Run();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>The rule that it names: a shorter scenario must break the same.</summary>
    public static string Name(Exception failure) => $"{failure.GetType()} {failure.Message.Split(':')[0]}";
}
