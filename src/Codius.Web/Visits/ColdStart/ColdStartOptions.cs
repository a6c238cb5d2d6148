using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Visits.ColdStart;

/// <summary>How many requests may wait for sleeping apps, and how long. Section <c>ColdStart</c>.</summary>
internal sealed class ColdStartOptions
{
    public const string Section = "ColdStart";

    /// <summary>Requests that may wait for one app.</summary>
    /// <value>The default is 100.</value>
    [Range(1, 1_000_000)]
    public int MaxWaitingPerApp { get; set; } = 100;

    /// <summary>Requests that may wait for all apps together.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How long a request waits for its app before it is answered 504.</summary>
    /// <value>The default is 60 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}
