namespace Codius.Web.SimulationTests.Schedules;

/// <summary>Finds a shorter schedule that fails as well: leaves out parts of it, ever smaller ones (delta debugging).</summary>
internal static class Shrinker
{
    public static Scenario Shrink(Scenario failing, Func<Scenario, bool> fails, int most = 400)
    {
        var steps = failing.Steps.ToList();
        for (var part = steps.Count / 2; part >= 1 && most > 0; part /= 2)
        {
            for (var from = 0; from < steps.Count && most-- > 0;)
            {
                var less = steps.Where((_, at) => at < from || at >= from + part).ToList();
                if (fails(failing with { Steps = less })) steps = less;
                else from += part;
            }
        }
        return failing with { Steps = steps };
    }
}
