using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Visits.Arrival;

/// <summary>How fast one client (an IPv4 address, an IPv6 /64) may spend the money of one app. Section <c>Visits:PerClient</c>.</summary>
internal sealed class ClientLimitOptions
{
    public const string Section = "Visits:PerClient";

    /// <summary>Requests a second, in the long run.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 1_000_000)]
    public int PerSecond { get; set; } = 50;

    /// <summary>Requests at once, after a rest: a page with all its assets.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 1_000;

    /// <summary>
    /// How long a request that comes too fast waits for its turn; one that would wait longer is answered 429. 0: not at all.
    /// </summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Requests of one client that may wait so, for all apps together; one more is answered 429.</summary>
    /// <value>The default is 200.</value>
    [Range(0, 1_000_000)]
    public int MaxWaitingPerClient { get; set; } = 200;

    /// <summary>Requests of all clients together that may wait so.</summary>
    /// <value>The default is 10,000.</value>
    [Range(0, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>Clients counted at a time; beyond that the counts of the ones seen longest ago are reset.</summary>
    /// <value>The default is 100,000, about 20 MB when full.</value>
    [Range(100, 10_000_000)]
    public int Tracked { get; set; } = 100_000;
}
