using Codius.Web.SimulationTests.Clocks;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>The store's clock, which can jump.</summary>
internal sealed class StoreClock
{
    /// <summary>The time of the simulation that runs now.</summary>
    public SimulatedTime Time { get; set; } = new();

    /// <summary>How far it is ahead, in milliseconds.</summary>
    public long Ahead { get; set; }

    public long Now => Time.Now + Ahead;
}
