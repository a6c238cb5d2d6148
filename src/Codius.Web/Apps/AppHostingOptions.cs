using Codius.Web.Apps.Processes;

namespace Codius.Web.Apps;

/// <summary>Where apps run. Section <c>Hosting</c>.</summary>
internal sealed class AppHostingOptions
{
    public const string Section = "Hosting";

    /// <summary>What runs the apps, and where their manifests are kept.</summary>
    /// <value>The default is <see cref="HostingMode.Processes"/>.</value>
    public HostingMode Mode { get; set; } = HostingMode.Processes;

    /// <summary>The settings of that mode.</summary>
    public ProcessOptions Processes { get; } = new();
}

/// <summary>All that can run apps.</summary>
internal enum HostingMode
{
    /// <summary>Local processes of known images; manifests in the ledger's Redis. For one machine and for development.</summary>
    Processes,

    /// <summary>Pods of a Kubernetes cluster; manifests are its custom resources.</summary>
    Kubernetes,
}
