using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting;

/// <summary>The rates of a section's endpoints that answer without a token; over them 429.</summary>
internal abstract class EndpointRateOptions
{
    /// <summary>Requests a second that one client address (IPv6: /64) may make at each endpoint.</summary>
    /// <value>The default is 20.</value>
    [Range(1, 1_000_000)]
    public int PerClient { get; set; } = 20;

    /// <summary>How many of them may come at once after a rest.</summary>
    /// <value>The default is 200.</value>
    [Range(1, 1_000_000)]
    public int PerClientBurst { get; set; } = 200;

    /// <summary>Requests a second that all clients together may make for one account at each endpoint.</summary>
    /// <value>The default is 1000.</value>
    [Range(1, 1_000_000)]
    public int PerAccount { get; set; } = 1000;

    /// <summary>How many of them may come at once after a rest.</summary>
    /// <value>The default is 2000.</value>
    [Range(1, 1_000_000)]
    public int PerAccountBurst { get; set; } = 2000;
}
