using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>
/// The requests and limits of an app's pod, as Kubernetes quantities; its containers share them. Section <c>Kubernetes:Resources</c>.
/// </summary>
internal sealed class ResourceOptions
{
    public const string Section = "Kubernetes:Resources";

    /// <summary>Processor time the scheduler keeps free for it.</summary>
    /// <value>The default is 50m.</value>
    [Required]
    public string CpuRequest { get; set; } = "50m";

    /// <summary>Processor time it may use.</summary>
    /// <value>The default is 500m.</value>
    [Required]
    public string CpuLimit { get; set; } = "500m";

    /// <summary>Memory the scheduler keeps free for it.</summary>
    /// <value>The default is 64Mi.</value>
    [Required]
    public string MemoryRequest { get; set; } = "64Mi";

    /// <summary>Memory it may use; beyond that it is ended.</summary>
    /// <value>The default is 256Mi.</value>
    [Required]
    public string MemoryLimit { get; set; } = "256Mi";

    /// <summary>Files it may write.</summary>
    /// <value>The default is 1Gi.</value>
    [Required]
    public string StorageLimit { get; set; } = "1Gi";

    /// <summary>Containers an app may have; each gets an equal part of the above.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 10)]
    public int MaxContainers { get; set; } = 4;

    /// <summary>What an app may use.</summary>
    public AppResources OfApp() => new(MaxContainers, CpuLimit, MemoryLimit, StorageLimit);
}
