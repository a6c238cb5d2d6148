using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Sleeping;

/// <summary>When apps are put to sleep, and how long they may take. Section <c>Sleeping</c>.</summary>
internal sealed class SleepOptions
{
    public const string Section = "Sleeping";

    /// <summary>How long an app must be idle (no request or socket open) before it is put to sleep.</summary>
    /// <value>The default is 60 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an app may take to close its sockets and end its requests; then it is stopped. 0 stops it at once.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);
}
