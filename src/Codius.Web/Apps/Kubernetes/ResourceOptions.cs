using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>The requests and limits of each container of an app, as Kubernetes quantities. Section <c>Kubernetes:Resources</c>.</summary>
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
}
