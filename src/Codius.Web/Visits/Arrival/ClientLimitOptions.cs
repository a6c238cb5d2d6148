using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Visits.Arrival;

/// <summary>How fast one client (an IPv4 address, an IPv6 /64) may spend the money of one app. Section <c>Visits:PerClient</c>.</summary>
internal sealed class ClientLimitOptions
{
    public const string Section = "Visits:PerClient";

    /// <summary>Requests a second, in the long run.</summary>
    /// <value>The default is 20.</value>
    [Range(1, 1_000_000)]
    public int PerSecond { get; set; } = 20;

    /// <summary>Requests at once, after a rest.</summary>
    /// <value>The default is 200.</value>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Clients counted at a time; beyond that the counts of the ones seen longest ago are reset.</summary>
    /// <value>The default is 100,000, about 20 MB when full.</value>
    [Range(100, 10_000_000)]
    public int Tracked { get; set; } = 100_000;
}
