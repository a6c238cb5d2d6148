using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Apps.Processes;

/// <summary>Which images this machine can run as processes, and how. Section <c>Apps:Processes</c>.</summary>
internal sealed class ProcessOptions
{
    public const string Section = "Apps:Processes";

    /// <summary>The images by name; all others are refused, so nothing that is uploaded ever becomes a command.</summary>
    /// <value>The default is none; Development adds <c>hello</c>.</value>
    public IDictionary<string, ImageOptions> Images { get; } = new Dictionary<string, ImageOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The first of 65,536 user ids that apps run as, one for each version, where the gateway is root; 0 for the gateway's own user.
    /// </summary>
    /// <value>The default is 700000 in Production, and 0 elsewhere.</value>
    [Range(0, 2_000_000_000)]
    public int? FirstUserId { get; set; }

    /// <summary>
    /// True where apps may run as the gateway's own user, and so read its secrets and balances; without it Production does not start then.
    /// </summary>
    public bool ShareGatewaysUser { get; set; }

    /// <summary>How long an app may take until it accepts connections; then its start has failed.</summary>
    /// <value>The default is 60 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long apps may take to end when the gateway itself ends; then they are killed. 0 kills them at once.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);
}
