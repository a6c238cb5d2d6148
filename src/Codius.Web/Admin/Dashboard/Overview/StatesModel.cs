using Codius.Web.Admin.Dashboard.Rendering;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>How many apps are in which state.</summary>
public sealed record StatesModel(int Awake, int Waking, int Failed, int Asleep, int WaitingVisits)
{
    public int All => Awake + Waking + Failed + Asleep;

    /// <summary>The parts of a bar of a hundred: where each begins and how wide it is. None that exists is too narrow to be seen.</summary>
    public IEnumerable<(string State, double From, double Width)> Parts()
    {
        (string State, int Count)[] counted = [("awake", Awake), ("waking", Waking), ("failed", Failed), ("asleep", Asleep)];
        var shown = counted.Where(part => part.Count > 0)
            .Select(part => (part.State, Width: Math.Max(1.5, 100.0 * part.Count / All))).ToList();
        var sum = shown.Sum(part => part.Width);
        var from = 0.0;
        foreach (var (state, width) in shown)
        {
            yield return (state, from, width * 100 / sum - 0.5);
            from += width * 100 / sum;
        }
    }

    public IEnumerable<(string State, int Count)> Counts =>
        [("awake", Awake), ("waking", Waking), ("failed", Failed), ("asleep", Asleep)];

    public string Title => Shown.Count(All, "app");
}
