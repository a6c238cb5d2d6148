using System.ComponentModel.DataAnnotations;
using Codius.Web.Visits.Arrival;

namespace Codius.Web.Visits;

/// <summary>How apps are visited. Section <c>Visits</c>.</summary>
internal sealed class VisitOptions
{
    public const string Section = "Visits";

    /// <summary>How long the gateway tries to connect to an app that is awake.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an app may take to begin its answer; time in which the client still uploads does not count. Then 504.
    /// </summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The rate limit of one client; validated as a section of its own.</summary>
    public ClientLimitOptions PerClient { get; } = new();

    /// <summary>Requests that do not wake a sleeping app; validated as a section of its own.</summary>
    public DoNotWakeOptions DoNotWake { get; } = new();
}
