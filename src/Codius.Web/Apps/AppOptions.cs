using System.ComponentModel.DataAnnotations;
using Codius.Web.Apps.Processes;

namespace Codius.Web.Apps;

/// <summary>The engine that runs the apps, and what applies to all of them. Section <c>Apps</c>.</summary>
internal sealed class AppOptions
{
    public const string Section = "Apps";

    /// <summary>What runs the apps, and where their manifests are kept.</summary>
    /// <value>The default is <see cref="AppEngine.Processes"/>.</value>
    public AppEngine Engine { get; set; } = AppEngine.Processes;

    /// <summary>
    /// How long a deleted name and its balance stay its owner's; then the rest is booked as forfeited and the name is free.
    /// 0 frees it at once.
    /// </summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "0.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepName { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// On how many days an app may be asleep with less money than a wake and a request cost; then it is deleted, and the name and its
    /// balance are its owner's for <see cref="KeepName"/>. A day that can be paid begins the count anew.
    /// </summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepUnpaid { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The most requests a second that an app's owner may let one client make (<c>codius.org/requests-per-second</c>).</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxRequestsPerSecond { get; set; } = 1_000;

    /// <summary>The most requests at once that an app's owner may let one client make (<c>codius.org/request-burst</c>).</summary>
    /// <value>The default is 20,000.</value>
    [Range(1, 10_000_000)]
    public int MaxRequestBurst { get; set; } = 20_000;

    /// <summary>
    /// Apps of one owner that may be awake at a time; for one more the one that is idle longest sleeps; if none is idle, it is not woken,
    /// which costs nothing.
    /// </summary>
    /// <value>The default is 10.</value>
    [Range(1, 100_000)]
    public int MaxAwakePerOwner { get; set; } = 10;

    /// <summary>The settings of the engine <see cref="AppEngine.Processes"/>.</summary>
    public ProcessOptions Processes { get; } = new();
}

/// <summary>The engines that can run apps.</summary>
internal enum AppEngine
{
    /// <summary>Local processes of known images; manifests in the ledger's Redis. For one machine and for development.</summary>
    Processes,

    /// <summary>Pods of a Kubernetes cluster; manifests are its custom resources.</summary>
    Kubernetes,
}
