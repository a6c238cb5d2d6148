using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Apps.Names;

/// <summary>What holds for every app, however it runs. Section <c>Apps</c>.</summary>
internal sealed class AppOptions
{
    public const string Section = "Apps";

    /// <summary>How long a deleted name and its balance stay its owner's; then the rest is booked as forfeited and the name is free. 0 frees it at once.</summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "0.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepName { get; set; } = TimeSpan.FromDays(90);
}
