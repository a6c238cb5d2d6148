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
